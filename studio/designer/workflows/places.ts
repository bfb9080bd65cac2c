/** Addresses of the area. */
export const processesPath = '/studio/processes'
export const workflowAddress = (name: string, part = '', query = ''): string => `${processesPath}/workflows/${encodeURIComponent(name)}${part === '' ? '' : `/${part}`}${query}`
export const stepAddress = (name: string, path: string): string => workflowAddress(name, '', path === '' ? '' : `?step=${encodeURIComponent(path)}`)
export const runsAddress = (query: Readonly<Record<string, string>> = {}): string => {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString()
  return `${processesPath}/runs${text === '' ? '' : `?${text}`}`
}
export const runAddress = (id: string): string => `${processesPath}/runs/${id}`
export const lifecycleAddress = (entity: string, query = ''): string => `${processesPath}/lifecycles/${encodeURIComponent(entity)}${query}`
