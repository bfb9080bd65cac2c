/** Lists that are made anew with every drawing, given on only where the element holds others. */
import { noChange } from 'lit'
import { Directive, directive, PartType, type PartInfo, type PropertyPart } from 'lit/directive.js'

class Steady extends Directive {
  constructor(info: PartInfo) {
    super(info)
    if (info.type !== PartType.PROPERTY) throw new Error('steady() is given to a property')
  }

  override render(value: unknown): unknown {
    return value
  }

  override update({ element, name }: PropertyPart, [value]: [unknown]): unknown {
    const held: unknown = Reflect.get(element, name)
    return JSON.stringify(held) === JSON.stringify(value) ? noChange : value
  }
}

/**
 * `.items=${steady(items)}`: to Vaadin another array is other choices, even if they are the same: it shows all of them again beside the text that somebody
 * is typing, and another selected item replaces that text. A page is drawn again at any time: a count arrives, a colleague saves.
 */
export const steady = directive(Steady)
