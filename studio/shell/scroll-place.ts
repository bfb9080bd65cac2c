/** Where the reader was on a page, kept in its entry of the history: the way back leads there again, as soon as the page is that long. */
import { router } from './router.js'

/** How long a page may take to become as long as it was. */
const patienceMs = 5_000
/** Whoever does one of these wants to be somewhere else. */
const ownMoves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

let going: AbortController | null = null

/** The reader has scrolled the page. */
export function keepPlace({ scrollTop }: Element): void {
  if (going === null) router.keepScrolled(scrollTop)
}

/** Shows the page where its reader was; from its beginning where nobody was before. */
export function goToPlace(scroller: Element): void {
  going?.abort()
  const wanted = router.scrolled
  scroller.scrollTo({ top: wanted })
  if (wanted === 0) return
  const trying = (going = new AbortController())
  for (const move of ownMoves) document.addEventListener(move, () => trying.abort(), { signal: trying.signal, capture: true, passive: true })
  trying.signal.addEventListener('abort', () => (going = null), { once: true })
  const until = performance.now() + patienceMs
  const step = (now: number): void => {
    if (trying.signal.aborted) return
    scroller.scrollTo({ top: wanted })
    if (Math.abs(scroller.scrollTop - wanted) < 1 || now > until) trying.abort()
    else requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}
