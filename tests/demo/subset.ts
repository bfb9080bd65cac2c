/** A small part of the sample with every kind of row in it, for tests that load it often. */
import { createReadStream } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createGunzip, gzipSync } from 'node:zlib'

const source = 'metadata/retail/data'

/** Cells of a line as far as the tests need them: the first columns hold no commas. */
const cells = (line: string): readonly string[] => line.split(',').map((cell) => cell.replaceAll('"', ''))
const cell = (line: string, column: number): string => cells(line)[column] ?? ''

async function linesOf(file: string): Promise<readonly string[]> {
  return (await text(createReadStream(join(source, `${file}.csv.gz`)).pipe(createGunzip()))).trimEnd().split('\n')
}

/** Writes a copy of the retail layer whose data are those of the households with a number below 60. Gives the layer's folder. */
export async function writeSubsetLayer(folder: string): Promise<string> {
  const layer = join(folder, 'retail')
  await cp('metadata/retail', layer, { recursive: true, filter: (path) => !path.endsWith('.gz') })
  await mkdir(join(layer, 'data'), { recursive: true })
  const keep = async (file: string, isKept: (line: string) => boolean): Promise<readonly string[]> => {
    const [heading = '', ...lines] = await linesOf(file)
    const kept = lines.filter(isKept)
    await writeFile(join(layer, 'data', `${file}.csv.gz`), gzipSync(`${[heading, ...kept].join('\n')}\n`))
    return kept
  }
  const few = (column: number) => (line: string): boolean => Number(cell(line, column)) < 60
  const sold = new Set((await keep('transactions_sample', few(0))).map((line) => cell(line, 3)))
  await keep('products', (line) => sold.has(cell(line, 0)))
  await keep('demographics', few(0))
  await keep('campaign_descriptions', () => true)
  await keep('campaigns', few(1))
  const redeemed = new Set((await keep('coupon_redemptions', few(0))).map((line) => `${cell(line, 1)}/${cell(line, 2)}`))
  const seen = new Map<string, number>()
  await keep('coupons', (line) => {
    const coupon = `${cell(line, 0)}/${cell(line, 2)}`
    seen.set(coupon, (seen.get(coupon) ?? 0) + 1)
    return redeemed.has(coupon) && (seen.get(coupon) ?? 0) <= 40
  })
  return layer
}
