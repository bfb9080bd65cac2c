/** What the elements of a form are called on the screen. */
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { t } from '../../client/i18n.js'
import { computedIcon } from '../../fields/computed.js'
import { viewOf } from '../../fields/index.js'
import type { IconName } from '../../ui/icon.js'
import { objectOf, textOf, titleFrom } from '../draft/definitions.js'
import { textFor } from '../words.js'
import { fieldOf, typeOf, type FormNode } from './form-tree.js'

const icons: Readonly<Record<string, IconName>> = { Group: 'box', Category: 'panel', Categorization: 'panel', HorizontalLayout: 'columns', VerticalLayout: 'list', Label: 'text', RelatedList: 'links' }

/** Its heading, or what kind of element it is. */
export function partTitle(node: FormNode, entity: UiEntity, tag: string): string {
  const type = typeOf(node)
  const label = node.texts[tag]?.['/label'] ?? textOf(node.own['label'])
  if (type === 'Control') return label || (entity.fields.find(({ key }) => key === fieldOf(node))?.title ?? titleFrom(fieldOf(node)))
  if (type === 'RelatedList') return label || (entity.relations.find(({ name }) => name === objectOf(node.own['options'])['relation'])?.title ?? t('form.part.RelatedList'))
  const kind = textFor(`form.part.${type}`, type)
  return label === '' ? kind : `${kind} “${label}”`
}

export function partIcon(node: FormNode, entity: UiEntity): IconName {
  const field = entity.fields.find(({ key }) => key === fieldOf(node))
  if (typeOf(node) !== 'Control' || field === undefined) return icons[typeOf(node)] ?? 'shapes'
  return computedIcon(field.computed ?? '') ?? viewOf(field.type).icon
}
