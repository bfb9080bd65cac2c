/**
 * Pictures: read in full once when they come in, and written anew in their own format, so that nothing but the picture is
 * kept: no place where it was taken, no hidden other file. Smaller ones are made when they are first asked for.
 */
import { stat } from 'node:fs/promises'
import type { Sharp } from 'sharp'
import { Problem } from '../../errors.js'

/** Kinds that are taken for pictures, with the name of the format. */
const formats: Readonly<Record<string, 'jpeg' | 'png' | 'webp' | 'gif' | 'avif'>> = { 'image/jpeg': 'jpeg', 'image/png': 'png', 'image/webp': 'webp', 'image/gif': 'gif', 'image/avif': 'avif' }

export const isPicture = (type: string): boolean => Object.hasOwn(formats, type)

/** Longest sides of the smaller pictures. */
export const pictureSizes = [96, 320, 1200] as const
export type PictureSize = (typeof pictureSizes)[number]

/** Pixels of all frames together: a small file can say that it is enormous. */
const pixelsMax = 60_000_000
/** Pictures that are worked on at once: each may need some hundred megabytes. */
const atOnce = 2

/**
 * Writes the picture at `source` to `target`, upright and without anything but its pixels.
 * @throws Problem file.refused when it is none, is broken or too large
 */
export const cleanPicture = (source: string, target: string, type: string): Promise<void> => working(async () => {
  const format = formats[type]
  if (format === undefined) throw new Error(`${type} is no picture`)
  const picture = await opened(source, type)
  // Quality as good as cannot be told apart; PNG and GIF lose nothing.
  await picture.rotate().toFormat(format, format === 'jpeg' ? { quality: 90 } : format === 'webp' || format === 'avif' ? { quality: 85 } : {}).toFile(target)
  if ((await stat(target)).size === 0) throw new Error('an empty picture')
})

/** Writes a smaller WebP of the picture at `source`, that has `size` pixels on its longest side at most. */
export const smallerPicture = (source: string, target: string, size: PictureSize): Promise<void> => working(async () => {
  const picture = await opened(source, '')
  await picture.rotate().resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toFile(target)
})

async function opened(path: string, type: string): Promise<Sharp> {
  const { default: sharp } = await import('sharp')
  // Not kept open: a worker would hold on to files that are deleted.
  sharp.cache(false)
  const { width, height, pages = 1 } = await sharp(path, { limitInputPixels: false }).metadata()
  if (width * height * pages > pixelsMax) throw new Problem('file.refused', { reason: `a picture may have ${String(pixelsMax / 1e6)} million pixels` })
  return sharp(path, { limitInputPixels: pixelsMax, failOn: 'error', animated: type === 'image/gif' || type === 'image/webp' })
}

let busy = 0
const queue: (() => void)[] = []

async function working<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= atOnce) await new Promise<void>((resolve) => queue.push(resolve))
  busy += 1
  try {
    return await work()
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('file.refused', { reason: 'the picture is damaged' }, { cause: error })
  } finally {
    busy -= 1
    queue.shift()?.()
  }
}
