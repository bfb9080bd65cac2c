#!/usr/bin/env node
/** The program `tessera`. */
import { tessera } from './command-line.js'

const code = await tessera(process.argv.slice(2), process)
// A server that could not start has said so itself.
if (code !== 0) process.exitCode = code
