/** The keys that work everywhere, in one list: `?` shows it, and the menu of the user. */
import './keyboard-map.css'
import { html, render } from 'lit'

import { t, type TextKey } from '../client/i18n.js'
import { icon } from '../ui/icon.js'

const command = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'

interface Shortcut {
  readonly keys: readonly string[]
  readonly text: TextKey
}

/** Every key of the product has a line here; what handles it stands in the element that it belongs to. */
const groups: readonly { readonly title: TextKey; readonly shortcuts: readonly Shortcut[] }[] = [
  { title: 'keys.everywhere', shortcuts: [
    { keys: [command, 'K'], text: 'keys.search' },
    { keys: [command, 'Z'], text: 'keys.undo' },
    { keys: ['/'], text: 'keys.search' },
    { keys: ['G', 'T'], text: 'tasks.title' },
    { keys: ['G', 'N'], text: 'inbox.title' },
    { keys: ['G', 'H'], text: 'home' },
    { keys: ['?'], text: 'keys.help' },
    { keys: ['Esc'], text: 'keys.close' },
  ] },
  { title: 'keys.lists', shortcuts: [
    { keys: ['↑', '↓', '←', '→'], text: 'keys.move' },
    { keys: ['Enter'], text: 'keys.open' },
    { keys: ['Shift', 'Enter'], text: 'keys.look' },
    { keys: ['F2'], text: 'keys.edit' },
    { keys: ['Space'], text: 'keys.tick' },
    { keys: ['Shift', '🖱'], text: 'keys.range' },
    { keys: ['PgUp', 'PgDn'], text: 'calendar.keys.turn' },
    { keys: ['T'], text: 'calendar.keys.today' },
    { keys: ['+', '−'], text: 'bars.keys.zoom' },
    { keys: ['Shift', '→'], text: 'bars.keys.last' },
  ] },
  { title: 'tasks.title', shortcuts: [
    { keys: ['N'], text: 'tasks.new' },
    { keys: ['↑', '↓'], text: 'keys.task' },
    { keys: ['Space'], text: 'timeline.done' },
  ] },
  { title: 'keys.records', shortcuts: [
    { keys: [command, 'S'], text: 'keys.save' },
    { keys: ['Alt', '↑', '↓'], text: 'keys.neighbours' },
    { keys: ['Tab'], text: 'keys.next' },
  ] },
]

/** Shows the list over the page; does nothing while it is there. */
export function showKeyboardMap(): void {
  if (document.querySelector('.keyboard-map') !== null) return
  const dialog = document.createElement('dialog')
  dialog.className = 'keyboard-map'
  dialog.setAttribute('aria-labelledby', 'keyboard-map-title')
  render(html`
    <header><h2 id="keyboard-map-title">${t('keys.title')}</h2>
      <button type="button" class="plain icon-only" autofocus aria-label=${t('close')} @click=${() => dialog.close()}>${icon('close')}</button></header>
    ${groups.map(({ title, shortcuts }) => html`
      <section><h3>${t(title)}</h3>
        <dl>${shortcuts.map(({ keys, text }) => html`<div><dt>${t(text)}</dt><dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd></div>`)}</dl>
      </section>`)}
  `, dialog)
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  document.body.append(dialog)
  dialog.showModal()
}
