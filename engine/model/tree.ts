/** Trees: entities whose records stand below each other. */
import type { Entity, Field } from './model.js'

/** The field that makes a tree of an entity's records. */
export const treeField = ({ fields }: Pick<Entity, 'fields'>): Field | undefined => [...fields.values()].find(({ link }) => link?.hierarchy === true)
