/** Pictures of the best sold products of the sample. Nobody photographed them, so each kind of goods is drawn: a shape on a tile of its own colour. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { Call } from '../call.js'
import { upload } from '../files/upload.js'
import { list, planList } from '../records/read.js'
import { idOf } from '../records/row.js'
import { update } from '../records/write.js'

/** Products that get one: what a first look at a gallery shows. */
const most = 48
const categoryNames = ['category.name', 'category.parent.name', 'category.parent.parent.name'] as const

/** Gives the best sold products a picture; one drawing stands for all products of a kind. */
export async function addDemoPictures(call: Call): Promise<void> {
  const plan = planList(call, { entity: 'product', filter: { picture: null, sold: { $gt: 0 } }, sort: [{ key: 'sold', descending: true }], fields: ['name', ...categoryNames], limit: most, archived: false })
  const drawn = new Map<string, number>()
  for (const product of (await list(call, plan)).records) {
    const names = namesOf(product['category'])
    // The second level is the kind of goods: within GROCERY, soft drinks are no bread.
    const kind = names.at(-2) ?? names[0] ?? ''
    const known = drawn.get(kind)
    const picture = known ?? (await upload(call, { name: `${kind.toLowerCase().replaceAll(/[^a-z]+/g, '-') || 'product'}.png`, content: pieces(await drawing(names)), target: { entity: 'product', field: 'picture' } })).id
    drawn.set(kind, picture)
    await update(call, { entity: 'product', id: idOf(product), body: { picture: { id: picture } } })
  }
}

/** Names of the categories, the narrowest first. */
function namesOf(category: unknown): readonly string[] {
  if (typeof category !== 'object' || category === null) return []
  const { name, parent } = category as JsonObject
  return [...(typeof name === 'string' ? [name] : []), ...namesOf(parent)]
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content)
}

/** Words in the names of categories → the hue and the shape that stand for them; the first that fits, from the narrowest name on. */
const shapes: readonly (readonly [RegExp, number, string])[] = [
  [/MILK|CREAM|DAIRY/, 210, 'M128 66h64l22 34v82h-108v-82z M140 50h40v16h-40z'],
  [/DRINK|BEER|WATER|JUICE|WINE|LIQUOR|SPIRIT|SODA|TEA|SAUCE|OIL|DETERGENT|SOAP|SHAMPOO/, 170, 'M147 44h26v26l16 26v88a8 8 0 0 1-8 8h-42a8 8 0 0 1-8-8v-88l16-26z'],
  [/BREAD|BAKE|ROLL|PASTRY|CAKE|DOUGH|COOKIE/, 32, 'M88 120a36 36 0 0 1 36-36h72a36 36 0 0 1 14 69v31h-100v-31a36 36 0 0 1-22-33z'],
  [/CHEESE/, 46, 'M84 166v-40l108-58a50 50 0 0 1 44 58v40z'],
  [/MEAT|BEEF|PORK|CHICKEN|BACON|SAUSAGE|HAM|TURKEY|POULTRY/, 4, 'M104 104a48 48 0 0 1 90 20c0 26-24 40-50 40l-26 24a11 11 0 1 1-16-16l14-20a46 46 0 0 1-12-48z'],
  [/SEAFOOD|FISH|SALMON|SHRIMP/, 196, 'M84 124c34-44 92-44 122 0l30-26v52l-30-26c-30 44-88 44-122 0z'],
  [/FRUIT|APPLE|BERR|BANANA|PRODUCE|VEGETABLE|SALAD|POTATO|TOMATO|ORANGE/, 128, 'M160 88c18-18 62-12 62 34s-38 72-62 60c-24 12-62-14-62-60s44-52 62-34z M160 82c0-20 12-32 30-34-2 20-12 32-30 34z'],
  [/FLORAL|GARDEN|PLANT/, 330, 'M160 66a24 24 0 0 1 38 26 24 24 0 0 1-14 44 24 24 0 0 1-48 0 24 24 0 0 1-14-44 24 24 0 0 1 38-26z M154 150h12v44h-12z'],
  [/FUEL|GASOLINE|MISC/, 265, 'M160 52c30 40 46 62 46 86a46 46 0 0 1-92 0c0-24 16-46 46-86z'],
  [/SOUP|CANNED|BEAN|COFFEE|FROZEN|ICE|YOGURT|BABY|PET|DOG|CAT/, 22, 'M110 74c0-20 100-20 100 0v100c0 20-100 20-100 0z'],
]
const carton = [/./, 226, 'M104 92l56-28 56 28v72l-56 28-56-28z'] as const

/** 320 by 240 pixels; PNG. The colour follows from the name, so that it is the same for everybody. */
async function drawing(names: readonly string[]): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  const [, usual, shape] = names.map((name) => shapes.find(([words]) => words.test(name))).find((found) => found !== undefined) ?? carton
  const hue = usual - 14 + [...(names.at(-2) ?? names[0] ?? '')].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 29, 7)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" viewBox="0 0 320 240">
    <defs><linearGradient id="tile" x2="0.6" y2="1"><stop stop-color="hsl(${String(hue)},62%,93%)"/><stop offset="1" stop-color="hsl(${String(hue)},55%,82%)"/></linearGradient>
    <linearGradient id="thing" x2="0.4" y2="1"><stop stop-color="hsl(${String(hue)},52%,58%)"/><stop offset="1" stop-color="hsl(${String(hue)},55%,42%)"/></linearGradient></defs>
    <rect width="320" height="240" fill="url(#tile)"/><ellipse cx="160" cy="204" rx="66" ry="7" fill="hsl(${String(hue)},40%,40%)" opacity="0.22"/>
    <path d="${shape}" fill="url(#thing)"/></svg>`
  return sharp(Buffer.from(svg)).png({ palette: true, colours: 128 }).toBuffer()
}
