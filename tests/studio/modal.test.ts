/** What a person has typed into a dialog is not lost to a key or a cross. */
import './support.js'
import '@vaadin/combo-box'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'

import { Modal } from '../../studio/ui/modal.js'
import { settled } from './support.js'

@customElement('note-dialog')
class NoteDialog extends Modal<string> {
  protected override readonly label = 'Note'

  protected override content(): TemplateResult {
    return html`<button class="cross" @click=${() => void this.leave()}>x</button><p class="dialog-body">Text</p>
      <input type="search" /><input type="text" value="old" /><vaadin-combo-box .items=${['a', 'b']}></vaadin-combo-box>
      <button class="cancel" @click=${() => this.close(null)}>Cancel</button>`
  }
}

async function opened(): Promise<{ dialog: NoteDialog; left: () => boolean; press: (selector: string) => Promise<void> }> {
  const dialog = new NoteDialog()
  let left = false
  void dialog.open().then(() => (left = true))
  await settled()
  return { dialog, left: () => left, press: (selector) => userEvent.click(dialog.querySelector(selector) ?? dialog) }
}

const question = (): Element | null => document.querySelector('dialog vaadin-confirm-dialog[opened]')
const escape = async (): Promise<void> => {
  await userEvent.keyboard('{Escape}')
  await settled()
}

test('Escape and the cross ask before what was typed is lost; Escape again goes on typing, as often as it is pressed', async () => {
  const { dialog, left, press } = await opened()
  const input = dialog.querySelector<HTMLInputElement>('input[type=text]')
  await press('input[type=text]')
  await userEvent.keyboard('new')
  for (let i = 0; i < 2; i += 1) {
    await escape()
    expect(question()).not.toBeNull()
    await escape()
    await expect.poll(question).toBeNull()
    expect([left(), input?.value, dialog.querySelector('dialog')?.open]).toEqual([false, 'oldnew', true])
  }
  await press('.dialog-body')
  await press('.cross')
  await expect.poll(question).not.toBeNull()
  await userEvent.click(question()?.querySelector('[slot=confirm-button]') ?? dialog)
  await expect.poll(left).toBe(true)
})

test('who has typed nothing, or only looked for something, or says Cancel is not asked; an open choice closes before the dialog', async () => {
  const searched = await opened()
  await searched.press('input[type=search]')
  await userEvent.keyboard('word')
  await searched.press('.dialog-body')
  await escape()
  await expect.poll(searched.left).toBe(true)

  const chosen = await opened()
  await chosen.press('vaadin-combo-box input')
  await escape()
  expect(chosen.left()).toBe(false)
  await escape()
  await expect.poll(chosen.left).toBe(true)

  const typed = await opened()
  await typed.press('input[type=text]')
  await userEvent.keyboard('new')
  await typed.press('.cancel')
  await expect.poll(typed.left).toBe(true)
  expect(question()).toBeNull()
})
