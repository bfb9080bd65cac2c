/** Pictures as large as the window; arrows go from one to the next. */
import './file-input.css'

import { html, nothing, render } from 'lit'

import { t } from '../client/i18n.js'
import { icon } from '../ui/icon.js'

export interface Picture {
  readonly name: string
  /** Address of what fits a screen; null when it cannot be shown any more. */
  readonly large: () => Promise<string | null>
  /** Address of the whole. */
  readonly full: () => Promise<string | null>
}

/** Opens on the picture at `index`; the focus goes back where it was. */
export function showPictures(pictures: readonly Picture[], index: number): void {
  const dialog = document.createElement('dialog')
  dialog.className = 'picture-dialog'
  let at = Math.max(0, index)
  const go = (step: number): void => {
    at = (at + step + pictures.length) % pictures.length
    void draw()
  }
  const draw = async (): Promise<void> => {
    const picture = pictures[at]
    if (picture === undefined) return
    dialog.setAttribute('aria-label', picture.name)
    const address = await picture.large()
    const saved = await picture.full()
    if (pictures[at] !== picture) return
    render(html`
      <figure>
        <header>
          <span>${picture.name}</span>
          ${saved === null ? nothing : html`<a href=${saved} download=${picture.name} title=${t('field.file.save')} aria-label=${t('field.file.save')}>${icon('download')}</a>`}
          <button type="button" title=${t('close')} aria-label=${t('close')} @click=${() => dialog.close()}>${icon('close')}</button>
        </header>
        <div class="picture-stage">${address === null ? icon('image') : html`<img src=${address} alt=${picture.name} />`}</div>
        <figcaption>${pictures.length < 2 ? nothing : html`
          <button type="button" title=${t('field.file.previous')} aria-label=${t('field.file.previous')} @click=${() => go(-1)}>${icon('chevronLeft')}</button>
          <span aria-live="polite">${t('field.file.position', { number: at + 1, count: pictures.length })}</span>
          <button type="button" title=${t('field.file.next')} aria-label=${t('field.file.next')} @click=${() => go(1)}>${icon('chevronRight')}</button>`}</figcaption>
      </figure>
    `, dialog)
  }
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') go(-1)
    if (event.key === 'ArrowRight') go(1)
  })
  dialog.addEventListener('click', (event) => {
    if (event.target instanceof HTMLElement && event.target.matches('.picture-stage')) dialog.close()
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  void draw()
}
