/** The colours of the page for Monaco. */
import { editor } from 'monaco-editor/editor'

import { colorsOf } from '../../charts/colors.js'

/** Gives all editors the colours of the page, which they want as plain ones. */
export function dressedAs(host: HTMLElement): void {
  const { ink, quiet, page, line, of } = colorsOf(host)
  const name = brightness(page) < 128 ? 'tessera-dark' : 'tessera-light'
  editor.defineTheme(name, {
    base: name === 'tessera-dark' ? 'vs-dark' : 'vs', inherit: true, rules: [],
    colors: { 'editor.background': hex(page), 'editor.foreground': hex(ink), 'editorLineNumber.foreground': hex(quiet), 'editorGutter.background': hex(page), 'editorWidget.border': hex(line),
      'editorSuggestWidget.background': hex(page), 'editorSuggestWidget.foreground': hex(ink), 'editorSuggestWidget.border': hex(line), 'editorSuggestWidget.selectedBackground': hex(line), 'editorSuggestWidget.selectedForeground': hex(ink),
      'editorSuggestWidget.selectedIconForeground': hex(ink), 'editorSuggestWidget.highlightForeground': hex(of('indigo', 0)), 'editorSuggestWidget.focusHighlightForeground': hex(of('indigo', 0)),
    },
  })
  editor.setTheme(name)
}

const partsOf = (rgb: string): readonly number[] => (rgb.match(/\d+/g) ?? []).slice(0, 3).map(Number)
const hex = (rgb: string): string => `#${partsOf(rgb).map((part) => part.toString(16).padStart(2, '0')).join('')}`
const brightness = (rgb: string): number => partsOf(rgb).reduce((sum, part) => sum + part, 0) / 3
