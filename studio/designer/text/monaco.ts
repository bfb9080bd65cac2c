/** Monaco with what a definition needs of it: loaded with the first text that is shown. */
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
// Its `features/suggest` leaves the list of suggestions out.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/features/snippet/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/format/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/wordOperations/register'
import 'monaco-editor/features/smartSelect/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/quickOutline/register'

import { editor, KeyCode, KeyMod, MarkerSeverity, Uri } from 'monaco-editor/editor'
import { jsonDefaults } from 'monaco-editor/languages/features/json/register'

import { parsePath } from '../../../metadata/contract/document-path.js'
import type { JsonSchema } from '../../../metadata/contract/json.js'
import { dressedAs } from './colors.js'
import type { Span } from './reading.js'

/** What is shown as wrong at a part of the text. */
export interface Mark extends Span {
  readonly message: string
}

/** One text on the screen. */
export interface TextView {
  /** Replaces the text where it differs; cursor and undo stay. */
  show(text: string): void
  mark(marks: readonly Mark[]): void
  reveal(span: Span): void
  focus(): void
  /** Colours as the page has them now. */
  dress(): void
  end(): void
}

export interface TextViewOptions {
  readonly path: string
  readonly text: string
  readonly label: string
  readonly readOnly: boolean
  readonly typed: (text: string) => void
  /** The hand left the text, or asks for it to be taken. */
  readonly rested: () => void
}

/** Shows a text in an element that has a size. */
export function showText(host: HTMLElement, { path, text, label, readOnly, typed, rested }: TextViewOptions): TextView {
  const model = editor.createModel(text, 'json', Uri.parse(`tessera:/${path}`))
  const view = editor.create(host, {
    model, readOnly, ariaLabel: label,
    automaticLayout: true, minimap: { enabled: false }, wordWrap: 'on', tabSize: 2, scrollBeyondLastLine: false, renderLineHighlight: 'line', padding: { top: 12, bottom: 12 },
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', fontSize: 13, lineHeight: 20, lineNumbersMinChars: 3, overviewRulerBorder: false, scrollbar: { useShadows: false },
    // Whoever goes through the page by keyboard gets out again; Ctrl+M makes Tab indent.
    tabFocusMode: true, renderFinalNewline: 'off', quickSuggestions: { strings: true, other: true, comments: false }, wordBasedSuggestions: 'off', fixedOverflowWidgets: true, stickyScroll: { enabled: false },
  })
  void loadSchema(path)
  let silent = false
  const follow = (): void => dressedAs(host)
  follow()
  model.onDidChangeContent(() => {
    if (!silent) typed(model.getValue())
  })
  view.onDidBlurEditorText(rested)
  view.addCommand(KeyMod.CtrlCmd | KeyCode.KeyS, rested)
  return {
    show(next) {
      if (model.getValue() === next) return
      silent = true
      model.pushEditOperations(view.getSelections(), changeTo(model, next), () => null)
      silent = false
    },
    mark: (marks) => editor.setModelMarkers(model, 'tessera', marks.map(({ offset, length, message }) => {
      const start = model.getPositionAt(offset)
      const end = model.getPositionAt(offset + Math.max(1, length))
      return { severity: MarkerSeverity.Error, message, startLineNumber: start.lineNumber, startColumn: start.column, endLineNumber: end.lineNumber, endColumn: end.column }
    })),
    reveal({ offset }) {
      const position = model.getPositionAt(offset)
      view.setPosition(position)
      view.revealPositionInCenterIfOutsideViewport(position)
    },
    focus: () => view.focus(),
    dress: follow,
    end() {
      view.dispose()
      model.dispose()
    },
  }
}

/** One edit from the first letter that differs to the last. */
function changeTo(model: editor.ITextModel, next: string): { readonly range: ReturnType<editor.ITextModel['getFullModelRange']>; readonly text: string }[] {
  const before = model.getValue()
  let start = 0
  while (start < before.length && start < next.length && before[start] === next[start]) start += 1
  let end = 0
  while (end < before.length - start && end < next.length - start && before[before.length - 1 - end] === next[next.length - 1 - end]) end += 1
  const from = model.getPositionAt(start)
  const to = model.getPositionAt(before.length - end)
  return [{ range: model.getFullModelRange().setStartPosition(from.lineNumber, from.column).setEndPosition(to.lineNumber, to.column), text: next.slice(start, next.length - end) }]
}

const schemas = new Map<string, JsonSchema>()

/** What may stand where is offered while typing; what is wrong is said by the engine alone. */
async function loadSchema(path: string): Promise<void> {
  const kind = parsePath(path)?.kind
  const uri = `/schemas/${kind ?? ''}.json`
  if (kind === undefined || schemas.has(uri)) return
  const answer = await fetch(uri)
  if (!answer.ok) return
  schemas.set(uri, (await answer.json()) as JsonSchema)
  jsonDefaults.setDiagnosticsOptions({
    validate: false,
    enableSchemaRequest: false,
    // A definition names its schema by its address, which the worker resolves against that of the text.
    schemas: [...schemas].map(([at, schema]) => ({ uri: `tessera:${at}`, fileMatch: [...patterns[at.slice('/schemas/'.length, -'.json'.length)] ?? []], schema })),
  })
}

/** Which texts each schema is about. */
const patterns: Readonly<Record<string, readonly string[]>> = {
  entity: ['*/entity.json'], form: ['*/form.*.json'], view: ['*/view.*.json'], lifecycle: ['*/lifecycle.json'],
  role: ['roles/*.json'], dashboard: ['dashboards/*.json'], calendar: ['calendars/*.json'], workflow: ['workflows/*.json'], segment: ['segments/*.json'], texts: ['texts/*.json'], layer: ['layer.json'],
}
