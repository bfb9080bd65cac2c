import { html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { expect, test } from 'vitest'

import '@vaadin/text-field'

@customElement('browser-check')
class BrowserCheck extends LitElement {
  @property() label = 'before'

  override render() {
    return html`<vaadin-text-field .label=${this.label}></vaadin-text-field>`
  }
}

test('reactive properties and Vaadin elements work in the browser that the tests drive', async () => {
  const element = document.createElement('browser-check') as BrowserCheck
  document.body.append(element)
  await element.updateComplete
  element.label = '名称'
  await element.updateComplete
  expect(element.renderRoot.querySelector('vaadin-text-field')?.label).toBe('名称')
  element.remove()
})
