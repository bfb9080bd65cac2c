/** An element that renders into the page itself: Aura themes Vaadin's components there, not inside shadow roots. */
import { LitElement } from 'lit'

export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this
  }
}
