/** What of a translator's file goes into the draft. Pure. */
import type { Translated } from './catalog.js'
import type { Returned } from './xliff.js'

export interface Taken {
  /** Translations that the draft has not, or otherwise. */
  readonly taken: readonly Returned[]
  /** Their text is another one since the file was written, so the translation is of something else: left out. */
  readonly outdated: readonly Returned[]
  /** There is no such text: left out. */
  readonly unknown: readonly Returned[]
}

/** @param texts those of the language, as the draft has them */
export function takenFrom(returned: readonly Returned[], texts: readonly Translated[]): Taken {
  const known = new Map(texts.map((one) => [`${one.path}#${one.place}`, one]))
  const of = ({ path, place }: Returned): Translated | undefined => known.get(`${path}#${place}`)
  const differing = returned.filter((one) => one.translation !== '' && of(one)?.translation !== one.translation)
  return {
    taken: differing.filter((one) => of(one)?.text === one.source),
    outdated: differing.filter((one) => ![undefined, one.source].includes(of(one)?.text)),
    unknown: differing.filter((one) => of(one) === undefined),
  }
}
