import { onPostgres } from './workflows.js'
console.log('pg1', await onPostgres(1, 300)); console.log('pg4', await onPostgres(4, 300))
process.exit(0)
