/**
 * Says that a part of the program could not be fetched: the connection is away, or the product was updated since the page was loaded.
 * Its words and its look come with the first file, as any other may be the one that is missing.
 */
const said = {
  en: { text: 'A part of this page could not be loaded. The connection is away, or Tessera was updated meanwhile.', again: 'Load anew' },
  zh: { text: '此页面的一部分无法加载：连接已断开，或系统刚刚更新。', again: '重新加载' },
} as const

/** From now on whoever waits for code that does not come is told, once. */
export const tellWhatIsMissing = (): void => addEventListener('vite:preloadError', tell)

function tell(): void {
  if (document.querySelector('.code-missing') !== null) return
  const { text, again } = document.documentElement.lang.startsWith('zh') ? said.zh : said.en
  const notice = Object.assign(document.createElement('div'), { className: 'code-missing', role: 'alert' })
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'plain accent', textContent: again })
  button.addEventListener('click', () => location.reload())
  notice.append(Object.assign(document.createElement('span'), { textContent: text }), button)
  document.querySelector('.starting .pulse')?.classList.remove('pulse')
  document.body.append(notice)
  // What was asked for is asked for again when it is needed: once the connection is back, nothing is missing.
  addEventListener('online', () => notice.remove(), { once: true })
}
