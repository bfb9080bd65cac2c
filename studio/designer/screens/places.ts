/** Addresses of the area. */
export const screensPath = '/studio/screens'
export const navigationPath = `${screensPath}/navigation`
