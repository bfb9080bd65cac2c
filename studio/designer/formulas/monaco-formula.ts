/** Monaco for one formula, with what may be named where the caret stands: loaded with the first formula that is shown. */
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
// Its `features/suggest` leaves the list of suggestions out.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/features/snippet/register'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/wordOperations/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/placeholderText/register'

import { editor, languages, Range, Uri } from 'monaco-editor/editor'

import { dressedAs } from '../text/colors.js'
import { callSnippet, offersAt, type FormulaLanguage, type Offer, type OfferWords } from './offers.js'

/** One formula on the screen. */
export interface FormulaView {
  /** Replaces the text where it differs. */
  show(text: string): void
  /** Puts a text where the caret is, with a space before it where one is needed. */
  insert(text: string): void
  focus(): void
  dress(): void
  end(): void
}

export interface FormulaViewOptions {
  readonly text: string
  readonly label: string
  readonly placeholder: string
  /** Characters at which the caret begins; null: it is not asked for. */
  readonly caret: number | null
  readonly language: () => FormulaLanguage
  readonly words: OfferWords
  readonly typed: (text: string) => void
  /** Its height in pixels follows the lines. */
  readonly grown: (height: number) => void
}

const formula = 'tessera-formula'
const shown = new Map<string, FormulaViewOptions>()
let count = 0

/** Shows a formula in an element that has a width. */
export function showFormula(host: HTMLElement, options: FormulaViewOptions): FormulaView {
  const { text, label, placeholder, caret, typed, grown } = options
  const uri = Uri.parse(`tessera:/formula/${String((count += 1))}`)
  const model = editor.createModel(text, formula, uri)
  shown.set(uri.toString(), options)
  const view = editor.create(host, {
    model, ariaLabel: label, placeholder,
    automaticLayout: true, minimap: { enabled: false }, wordWrap: 'on', lineNumbers: 'off', glyphMargin: false, folding: false, lineDecorationsWidth: 0, lineNumbersMinChars: 0, padding: { top: 8, bottom: 8 },
    scrollBeyondLastLine: false, renderLineHighlight: 'none', overviewRulerLanes: 0, hideCursorInOverviewRuler: true, overviewRulerBorder: false, guides: { indentation: false }, occurrencesHighlight: 'off', links: false,
    scrollbar: { vertical: 'hidden', horizontal: 'hidden', useShadows: false, alwaysConsumeMouseWheel: false },
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', fontSize: 14, lineHeight: 21,
    // Tab goes on to the next field of the form.
    tabFocusMode: true, quickSuggestions: { strings: true, other: true, comments: false }, wordBasedSuggestions: 'off', fixedOverflowWidgets: true, stickyScroll: { enabled: false },
    suggest: { showStatusBar: false, snippetsPreventQuickSuggestions: false, showIcons: true },
  })
  let silent = false
  dressedAs(host)
  grown(view.getContentHeight())
  model.onDidChangeContent(() => {
    if (!silent) typed(model.getValue())
  })
  view.onDidContentSizeChange(({ contentHeight }) => grown(contentHeight))
  if (caret !== null) {
    view.setPosition(model.getPositionAt(caret))
    view.focus()
  }
  return {
    show(next) {
      if (model.getValue() === next) return
      silent = true
      model.setValue(next)
      silent = false
    },
    insert(piece) {
      const selection = view.getSelection() ?? model.getFullModelRange()
      const before = model.getValueInRange(new Range(1, 1, selection.startLineNumber, selection.startColumn))
      view.pushUndoStop()
      view.executeEdits('insert', [{ range: selection, text: `${before !== '' && !/[\s(]$/.test(before) ? ' ' : ''}${piece}`, forceMoveMarkers: true }])
      view.focus()
    },
    focus: () => view.focus(),
    dress: () => dressedAs(host),
    end() {
      shown.delete(uri.toString())
      view.dispose()
      model.dispose()
    },
  }
}

languages.register({ id: formula })
languages.setLanguageConfiguration(formula, { wordPattern: /[\p{L}_][\p{L}\p{N}_]*/u, brackets: [['(', ')'], ['[', ']']] })
languages.setMonarchTokensProvider(formula, {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/, 'string'],
      [/\b(?:true|false|null|today|now|in)\b/, 'keyword'],
      [/\d+(?:\.\d+)?/, 'number'],
      [/[A-Za-z_]\w*(?=\()/, 'type'],
    ],
  },
})

languages.registerCompletionItemProvider(formula, {
  triggerCharacters: ['.', '"', "'", ' ', '='],
  provideCompletionItems(model, position, { triggerCharacter }) {
    const options = shown.get(model.uri.toString())
    if (options === undefined) return { suggestions: [] }
    const { from, to, offers } = offersAt(options.language(), model.getValue(), model.getOffsetAt(position))
    const start = model.getPositionAt(from)
    const end = model.getPositionAt(to)
    // A space or a sign asks for nothing but what the other side of a comparison can be.
    const asked = triggerCharacter === ' ' || triggerCharacter === '=' ? offers.filter(({ kind }) => kind === 'choice') : offers
    const range = new Range(start.lineNumber, start.column, end.lineNumber, end.column)
    return { suggestions: asked.map((offer, index) => ({ ...suggestion(offer, options.words), range, sortText: String(index).padStart(4, '0') })) }
  },
})

function suggestion(offer: Offer, words: OfferWords): Omit<languages.CompletionItem, 'range' | 'sortText'> {
  const { CompletionItemKind: kinds, CompletionItemInsertTextRule: rules } = languages
  switch (offer.kind) {
    case 'field': {
      const { path, title, leads } = offer.name
      // Who does not know what a field is called in formulas finds it by its title.
      return {
        label: { label: path, detail: `  ${title}` }, kind: leads ? kinds.Reference : kinds.Field, insertText: offer.text, filterText: `${path} ${title}`, detail: words.field(offer.name),
        ...(leads ? { command: { id: 'editor.action.triggerSuggest', title: '' } } : {}),
      }
    }
    case 'choice':
      return { label: { label: offer.text, detail: `  ${offer.choice.title}` }, kind: kinds.Value, insertText: offer.text, filterText: `${offer.text} '${String(offer.choice.value)}' ${offer.choice.title}` }
    case 'function':
      return { label: offer.usage, kind: kinds.Function, insertText: callSnippet(offer.usage), insertTextRules: rules.InsertAsSnippet, documentation: words.function(offer.usage) }
    case 'word':
      return { label: offer.text, kind: kinds.Keyword, insertText: offer.text, detail: words.word(offer.text) }
  }
}
