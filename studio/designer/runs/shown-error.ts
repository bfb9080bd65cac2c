/** What went wrong in a run, for people: in plain words what, at which step and what helps; the engine's own words behind a fold. */
import { html, nothing, type TemplateResult } from 'lit'

import type { JsonObject } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import type { Wording } from '../workflows/sentences.js'
import { errorHelp, errorText, errorWords } from './run-words.js'

/** @param whole says at which step it was, too: for places that are about the whole run */
export function shownError(error: JsonObject, wording: Wording | undefined, whole: boolean): TemplateResult {
  const [words, help] = [errorWords(error, wording), errorHelp(error)]
  return html`<div class="panel-error" role="alert">${icon('warning')}<div>${whole ? errorText(words) : words.what}${help === '' ? nothing : html`<br />${help}`}
    ${words.raw === '' ? nothing : html`<details><summary>${t('process.errorRaw')}</summary><pre lang="en">${words.raw}</pre></details>`}</div></div>`
}
