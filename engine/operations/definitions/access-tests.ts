/** The access tests of roles: what must stay so, asked of the compiled rights of each role. Pure. */
import type { RoleTest } from '../../../metadata/contract/definitions.gen.js'
import { check, type Checked } from '../../definitions/check.js'
import type { Finding } from '../../errors.js'
import { finding } from '../../model/findings.js'
import type { Documents, Model } from '../../model/model.js'
import { pointer } from '../../model/paths.js'
import { everything, type Predicate } from '../../model/conditions/predicate.js'
import type { Access } from '../../permissions/access.js'
import { accessFor } from '../../permissions/compile.js'

/** Checks definitions, and when nothing else is wrong with them, their access tests. */
export function checkWithTests(documents: Documents, previous?: Model, version = 0): Checked {
  const checked = check(documents, previous, version)
  return checked.findings.length > 0 ? checked : { ...checked, findings: testFindings(checked.model) }
}

const silent = { error: (): void => {} }

function testFindings(model: Model): readonly Finding[] {
  return [...model.roles].flatMap(([role, { tests, archived }]) => {
    if (tests === undefined || archived === true) return []
    const access = accessFor(model, [role], silent)
    return Object.entries(tests).flatMap(([name, test]) => {
      const at = `roles/${role}.json#${pointer('tests', name)}`
      const entity = model.entities.get(test.entity)
      if (rests(model, test)) return []
      if (entity === undefined || (test.field !== undefined && !entity.fields.has(test.field))) {
        const place = test.field === undefined || entity === undefined ? test.entity : `${test.entity}.${test.field}`
        return [finding(at, 'role.testPlace', { test: name, place })]
      }
      const found = outcome(access, test)
      return found === test.may ? [] : [finding(at, 'role.test', { test: name, expected: test.may, found })]
    })
  })
}

/** What is put away is seen by nobody; its tests hold again when it is back. */
function rests(model: Model, { entity, field }: RoleTest): boolean {
  const known = model.entities.get(entity)
  return known === undefined ? Object.hasOwn(model.documents, `${entity}/entity.json`) : field !== undefined && known.archived.some(({ key }) => key === field)
}

type Outcome = RoleTest['may']

/** What a role may do, in the words of tests. */
function outcome(access: Access, { entity, action, field }: RoleTest): Outcome {
  const rights = access.entity(entity)
  if (rights === undefined) return 'no'
  if (action === 'history') return rights.history ? 'yes' : 'no'
  if (action === 'read' && field === undefined) return reach([rights.rows])
  if (action === 'read') {
    const seen = rights.field(field ?? '')
    if (seen === undefined) return 'no'
    if (seen.how === 'masked') return 'masked'
    return seen.visible === undefined ? reach([rights.rows]) : 'limited'
  }
  if (action === 'create' || action === 'update') return reach(rights[action].filter(({ fields }) => field === undefined || fields.has(field)).map(({ rows }) => rows))
  return rights[action] === false ? 'no' : reach([rights[action]])
}

const reach = (rows: readonly Predicate[]): Outcome => (rows.length === 0 ? 'no' : rows.includes(everything) ? 'yes' : 'limited')
