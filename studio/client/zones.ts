/** Time zones to choose from, by their names in the time zone database. */

/** All zones that the browser knows, after the chosen one, which it may know under another name; '' is none. */
export const zonesWith = (chosen: string): readonly string[] => [...new Set([chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')])].filter((name) => name !== '')

/** `America/New_York` as it is read. */
export const zoneName = (zone: string): string => zone.replaceAll('_', ' ')
