/** Is there room for columns? Lists show a row as a card where there is not. */
export const narrow = window.matchMedia('(max-width: 720px)')
