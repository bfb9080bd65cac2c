/** The code of every page by the name of its route: loaded when the page is shown, or before, when it is likely to be. */
import type { Route } from './routes.js'

export const pageCode: Readonly<Record<Exclude<Route['page'], 'missing'>, () => Promise<unknown>>> = {
  home: () => import('../dashboards/dashboard-page.js'),
  dashboard: () => import('../dashboards/dashboard-page.js'),
  search: () => import('./search-page.js'),
  inbox: () => import('../work/inbox-page.js'),
  tasks: () => import('../work/tasks-page.js'),
  studio: () => import('../designer/studio-designer.js'),
  help: () => import('../help/doc-reader.js'),
  audit: () => import('./audit-page.js'),
  list: () => import('../lists/list-page.js'),
  duplicates: () => import('../duplicates/duplicates-page.js'),
  tree: () => import('../trees/tree-page.js'),
  merge: () => import('../duplicates/merge-page.js'),
  import: () => import('../imports/import-page.js'),
  create: () => import('../forms/record-page.js'),
  record: () => import('../forms/record-page.js'),
}
