/** The studio's own icons: 24 px grid, 1.75 px strokes, drawn here so that no icon font or other package is loaded. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit'

const path = (d: string): SVGTemplateResult => svg`<path d=${d} />`
const circle = (x: number, y: number, r: number): SVGTemplateResult => svg`<circle cx=${x} cy=${y} r=${r} />`

const drawings = {
  archive: path('M4 8v10a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8M3 4h18v4H3zM10 12h4'),
  arrowDown: path('M12 5v14M6 13l6 6 6-6'),
  arrowLeft: path('M19 12H5M11 18l-6-6 6-6'),
  arrowRight: path('M5 12h14M13 6l6 6-6 6'),
  arrowUp: path('M12 19V5M6 11l6-6 6 6'),
  at: svg`${circle(12, 12, 4)}${path('M16 8v5a3 3 0 0 0 5 2.2A9 9 0 1 0 18 19')}`,
  barcode: path('M4 5v14M7.500 5v14M10.500 5v14M13 5v14M16.500 5v14M20 5v14'),
  bell: path('M6 9a6 6 0 1 1 12 0c0 6 2.5 7 2.5 7h-17S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0'),
  bold: path('M7 5h6a3.500 3.500 0 0 1 0 7H7zM7 12h7a3.500 3.500 0 0 1 0 7H7z'),
  book: path('M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11'),
  box: path('M12 3l8 4.2v9.6L12 21l-8-4.2V7.2zM4 7.2l8 4.3 8-4.3M12 11.5V21'),
  braces: path('M9 4H8a3 3 0 0 0-3 3v2a3 3 0 0 1-2 3 3 3 0 0 1 2 3v2a3 3 0 0 0 3 3h1M15 4h1a3 3 0 0 1 3 3v2a3 3 0 0 0 2 3 3 3 0 0 0-2 3v2a3 3 0 0 1-3 3h-1'),
  building: path('M5 21V5a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v16M15 10h3a2 2 0 0 1 2 2v9M3 21h18M8.5 7.5h3M8.5 11.5h3M8.5 15.5h3'),
  calendar: path('M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1M4 10.5h16M8.5 3.5v4M15.5 3.5v4'),
  cart: svg`${path('M3 4h2.2l2.3 11.2h10.3L20 8H6.2')}${circle(9, 19.3, 1.2)}${circle(16.5, 19.3, 1.2)}`,
  chart: path('M4 20h16M7 16v-5M12 16V6M17 16v-8'),
  check: path('M5 12.5l4.5 4.5L19 7.5'),
  checkSquare: path('M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2M8.5 12.2l2.5 2.5 4.8-5'),
  chevronUp: path('M6 15l6-6 6 6'),
  chevronDown: path('M6 9l6 6 6-6'),
  chevronLeft: path('M15 6l-6 6 6 6'),
  chevronRight: path('M9 6l6 6-6 6'),
  clock: svg`${circle(12, 12, 8.5)}${path('M12 7.5V12l3 2')}`,
  close: path('M6 6l12 12M18 6L6 18'),
  coins: svg`${circle(9, 9, 5.5)}${path('M14.2 9.8a5.5 5.5 0 1 1-5 8.6')}`,
  columns: path('M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1M12 4v16'),
  copy: path('M9 9h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM5 15a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1'),
  decimal: path('M5 17v.01M9 9.5a2.5 2.5 0 0 1 5 0v5a2.5 2.5 0 0 1-5 0zM17 7.5l2-1v11'),
  dots: path('M5.5 12v.01M12 12v.01M18.5 12v.01'),
  download: path('M12 4v11M7 11l5 5 5-5M4 20h16'),
  external: path('M13 5h6v6M19 5l-9 9M17 14v4a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h4'),
  eye: svg`${path('M3 12s3-6 9-6 9 6 9 6-3 6-9 6-9-6-9-6')}${circle(12, 12, 2.800)}`,
  eyeOff: path('M4 4l16 16M9.9 6.2A9.6 9.6 0 0 1 12 6c6 0 9 6 9 6a15 15 0 0 1-2.3 3M6.3 7.7A14.500 14.500 0 0 0 3 12s3 6 9 6a9 9 0 0 0 3.7-.8M10 10a2.800 2.800 0 0 0 4 4'),
  file: path('M13 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9zM13 3v6h6'),
  filter: path('M4 6h16M7 12h10M10 18h4'),
  flag: path('M5 21V4M5 5c4-2.500 8 2.500 13.500 0v9C13 16.500 9 11.500 5 14'),
  globe: svg`${circle(12, 12, 8.5)}${path('M3.500 12h17M12 3.500c2.500 2.500 3.500 5.500 3.500 8.500s-1 6-3.500 8.500c-2.500-2.500-3.500-5.500-3.500-8.500s1-6 3.500-8.500')}`,
  grid: path('M4.500 4.500h6v6h-6zM13.500 4.500h6v6h-6zM4.500 13.500h6v6h-6zM13.500 13.500h6v6h-6z'),
  hash: path('M9.500 4l-2 16M16.500 4l-2 16M4.500 9h16M3.500 15h16'),
  heading: path('M6 5v14M17 5v14M6 12h11'),
  heart: path('M12 20s-7.500-4.600-7.500-10.200A4.300 4.300 0 0 1 12 7.300a4.300 4.300 0 0 1 7.500 2.500C19.500 15.400 12 20 12 20'),
  help: svg`${circle(12, 12, 8.5)}${path('M9.700 9.500a2.400 2.400 0 1 1 3.600 2.100c-.8.5-1.300 1-1.300 1.900M12 16.500v.01')}`,
  history: path('M4 5v4.500h4.500M4.300 9.500A8.300 8.300 0 1 1 3.700 13M12 8v4.300l3 1.700'),
  home: path('M4 11l8-7 8 7M6 9.500V19a1 1 0 0 0 1 1h3.500v-5h3v5H17a1 1 0 0 0 1-1V9.500'),
  hourglass: path('M6.500 3.500h11M6.500 20.500h11M7.500 3.500c0 5 4.500 5.500 4.500 8.500s-4.500 3.500-4.500 8.500M16.500 3.500c0 5-4.500 5.500-4.500 8.500s4.500 3.500 4.500 8.500'),
  image: svg`${path('M5 4.500h14a1.500 1.500 0 0 1 1.500 1.500v12a1.500 1.500 0 0 1-1.500 1.500H5A1.500 1.500 0 0 1 3.500 18V6A1.500 1.500 0 0 1 5 4.500M4 17l5-5 4 4 3-3 4.500 4.500')}${circle(9, 9, 1.300)}`,
  inbox: path('M4 13l2.500-8h11L20 13v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13h4.500l1.500 2.500h4l1.500-2.500H20'),
  italic: path('M14.500 5h-4M13.500 19h-4M13.500 5l-3 14'),
  keyboard: path('M3.500 7h17v10.500h-17zM7 10.500v.01M10.300 10.500v.01M13.700 10.500v.01M17 10.500v.01M8 14h8'),
  key: svg`${circle(8, 15.500, 4)}${path('M11 12.500L19.500 4M16 7.500l3 3')}`,
  language: path('M4 6h9M8.500 4v2M11 6c-.800 3.500-3 6.300-6.500 8M6.500 9c1 2.300 2.700 3.800 5 5M12.500 20l4-9.500 4 9.500M14 17h5'),
  layers: path('M12 4l8.500 4.500L12 13 3.500 8.500zM4 12.500l8 4.200 8-4.200M4 16.300l8 4.200 8-4.200'),
  link: path('M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-.8.8M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l.8-.8'),
  links: svg`${circle(6, 7, 2.500)}${circle(6, 17, 2.500)}${circle(18, 12, 2.500)}${path('M8.300 8l7.400 3M8.300 16l7.400-3')}`,
  list: path('M9 6h11M9 12h11M9 18h11M4.500 6v.01M4.500 12v.01M4.500 18v.01'),
  listNumbered: path('M10 6h10M10 12h10M10 18h10M4 5l1.500-.8V9M4 14.500c.5-.8 2.500-.6 2.500.6 0 1-2.500 2.400-2.500 2.400h2.600'),
  lock: path('M7 11h10a1.500 1.500 0 0 1 1.500 1.500v6A1.500 1.500 0 0 1 17 20H7a1.500 1.500 0 0 1-1.500-1.500v-6A1.500 1.500 0 0 1 7 11M8.500 11V8a3.500 3.500 0 0 1 7 0v3'),
  logout: path('M14 5H7a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h7M10 12h10M17 8.500l3.500 3.500-3.500 3.500'),
  mail: path('M5 6h14a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1M4.500 7l7.500 6 7.500-6'),
  map: svg`${path('M12 21s-6.500-5.700-6.500-11a6.500 6.500 0 0 1 13 0c0 5.300-6.500 11-6.500 11')}${circle(12, 10, 2.300)}`,
  megaphone: path('M4 10.500v3a1 1 0 0 0 1 1h3l9 4v-13l-9 4H5a1 1 0 0 0-1 1M8.500 14.500l1 5h2.500l-1-4M20 10.500v3'),
  menu: path('M4 7h16M4 12h16M4 17h16'),
  message: path('M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-6l-4.500 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1'),
  moon: path('M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10'),
  package: path('M12 3l8 4.200v9.600L12 21l-8-4.200V7.200zM4 7.200l8 4.300 8-4.300M12 11.500V21M8 5l8 4.300'),
  palette: svg`${path('M12 3.500a8.500 8.500 0 0 0 0 17c1.500 0 2-1 1.700-2.200-.5-1.800.6-3 2.300-3h1.700c1.700 0 2.800-1.300 2.800-3.300 0-4.700-3.800-8.500-8.500-8.500')}${circle(8, 11, 1)}${circle(11.500, 7.500, 1)}${circle(16, 9.500, 1)}`,
  panel: path('M5 4.500h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1M9.500 4.500v15'),
  pencil: path('M5 19l1-4.500L16 4.500l3.500 3.500-10 10zM13.500 7l3.500 3.500'),
  percent: svg`${circle(7.500, 7.500, 2.300)}${circle(16.500, 16.500, 2.300)}${path('M18 6L6 18')}`,
  phone: path('M6 4h3l1.500 4.500-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4.500 1.500v3a2 2 0 0 1-2 2A16 16 0 0 1 4 6a2 2 0 0 1 2-2'),
  plus: path('M12 5v14M5 12h14'),
  receipt: path('M6 3.500v17l2-1.300 2 1.300 2-1.300 2 1.300 2-1.300 2 1.300v-17l-2 1.300-2-1.300-2 1.300-2-1.300-2 1.300zM9 9.500h6M9 13.500h6'),
  refresh: path('M20 5v4.500h-4.500M4 19v-4.500h4.500M19.500 9.500A8 8 0 0 0 5.500 7.500M4.500 14.500a8 8 0 0 0 14 2'),
  restore: path('M4 5v5h5M4.500 10a8 8 0 1 1-.4 3.500'),
  richText: path('M4 6h9M4 10.500h16M4 15h11M4 19.500h8M17 3.500l.8 2.200 2.200.8-2.200.8-.8 2.200-.8-2.200-2.200-.8 2.200-.8z'),
  save: path('M5 12.500l4.500 4.500L19 7.500'),
  search: svg`${circle(11, 11, 6.500)}${path('M16 16l4.500 4.500')}`,
  settings: svg`${path('M4 7.500h9M18 7.500h2M4 16.500h2M11 16.500h9')}${circle(15.500, 7.500, 2.300)}${circle(8.500, 16.500, 2.300)}`,
  shapes: svg`${path('M4.500 13.500h6v6h-6zM12 4l4.500 7.500h-9z')}${circle(16.800, 16.500, 3.300)}`,
  shield: path('M12 3.500l7 2.500v5.500c0 4.500-3 7.700-7 9-4-1.300-7-4.500-7-9V6z'),
  sortAsc: path('M12 19V5M6.500 10.500L12 5l5.500 5.500'),
  sortDesc: path('M12 5v14M6.500 13.500L12 19l5.500-5.500'),
  spark: path('M12 3.500l2 6.500 6.500 2-6.500 2-2 6.500-2-6.500-6.500-2 6.500-2z'),
  star: path('M12 4l2.500 5.200 5.500.8-4 4 1 5.600-5-2.700-5 2.700 1-5.600-4-4 5.500-.8z'),
  store: path('M4.500 10v9.500h15V10M3.500 9.500L5.500 4.500h13l2 5a2.800 2.800 0 0 1-5.600 0 2.900 2.900 0 0 1-5.800 0 2.800 2.800 0 0 1-5.600 0M10 19.500v-5h4v5'),
  sun: svg`${circle(12, 12, 3.800)}${path('M12 3.500v1.500M12 19v1.500M3.500 12H5M19 12h1.500M6 6l1 1M17 17l1 1M18 6l-1 1M7 17l-1 1')}`,
  tag: svg`${path('M4 4.500h7.500l8.500 8.500-7.500 7.500L4 12z')}${circle(8, 8.500, 1)}`,
  tags: path('M3.500 5.500H9l7.500 7.500-5.500 5.500L3.500 11zM13 5.500l7.500 7.500-5 5M7 9v.01'),
  text: path('M5 6.500V5h14v1.500M12 5v14M9.500 19h5'),
  textLong: path('M4 6h16M4 10.500h16M4 15h16M4 19.500h9'),
  ticket: path('M4 7h16v3.500a1.700 1.700 0 0 0 0 3.500v3.500H4V14a1.700 1.700 0 0 0 0-3.500zM14 7v2M14 11.500v1.500M14 15.500v2'),
  trash: path('M4.500 7h15M9.500 7V4.500h5V7M6.500 7l1 13h9l1-13M10 11v5M14 11v5'),
  tree: path('M4 4h6v4.500H4zM14 9.500h6V14h-6zM14 16h6v4.500h-6zM7 8.500v9.750h7M7 11.750h7'),
  upload: path('M12 16V5M7 10l5-5 5 5M4 20h16'),
  user: svg`${circle(12, 8.500, 3.800)}${path('M4.500 20c.8-3.800 3.800-5.500 7.500-5.500s6.700 1.700 7.500 5.500')}`,
  users: svg`${circle(9, 8.500, 3.500)}${path('M2.500 19.500c.6-3.600 3.300-5 6.500-5s5.900 1.400 6.500 5M15.500 5.300a3.500 3.500 0 0 1 0 6.400M17.500 14.800c2.200.5 3.600 2 4 4.700')}`,
  warning: path('M12 4.500l8.500 15h-17zM12 10v4.500M12 17v.01'),
} satisfies Record<string, SVGTemplateResult>

export type IconName = keyof typeof drawings
/** Every icon, for choosing one in the designer. */
export const iconNames = Object.keys(drawings) as readonly IconName[]

const isIcon = (name: string): name is IconName => Object.hasOwn(drawings, name)

/** Names that definitions use in another common spelling. */
const alike: Readonly<Record<string, IconName>> = {
  account: 'building', bag: 'cart', basket: 'cart', campaign: 'megaphone', card: 'ticket', company: 'building',
  contact: 'user', coupon: 'ticket', deal: 'coins', gift: 'ticket', lines: 'list', member: 'user', money: 'coins', people: 'users',
  person: 'user', product: 'package', purchase: 'receipt', shop: 'store', 'shopping-cart': 'cart', team: 'users', redeem: 'check',
}

/** An icon by name; an unknown name (definitions are free to say anything) is drawn as a small tile. `slot` puts it into a component. */
export function icon(name: string, slot = ''): TemplateResult {
  const known = isIcon(name) ? name : (alike[name] ?? 'shapes')
  return html`<svg class="icon" slot=${slot} viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawings[known]}</svg>`
}
