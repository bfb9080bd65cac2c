/** What was found, in the list of the box and on the page of all results. */
import { html, nothing, type TemplateResult } from 'lit'

import type { Hit } from '../client/search.js'
import { highlighted } from '../ui/highlight.js'

/** A name with the words of `q` marked, and what stands below it. */
export const hitWords = (name: string, below: Hit['below'], q: string): TemplateResult => html`${highlighted(name, q)}${below === null
  ? nothing
  : html`<small class="quiet">${below.title === '' ? nothing : `${below.title}: `}${highlighted(below.text, q)}</small>`}`
