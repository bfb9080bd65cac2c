import { describe, expect, test } from 'vitest'

import { parseJson } from '../../engine/api/json-body.js'
import { Problem } from '../../engine/errors.js'

describe('a JSON body', () => {
  test.each(['{}', '[]', '"a"', '1', 'null', '{"a":{"b":[1,2,{"c":"d"}]},"e":"\\"{:}[\\\\"}', '[{"a":1},{"a":2}]', '{"a\\"b":1,"a\\\\":2}', '{"中":"文"}', ' \n{ "a" : 1 }\t'])('%s is what JSON.parse says', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  test.each([
    ['{"a":1,"a":2}', '/a'], ['{"x":[{},{"b":{"c":1,"c":1}}]}', '/x/1/b/c'], ['{"a/b":1,"a/b":1}', '/a~1b'], ['{"":1,"":1}', '/'],
    ['{"a":"\\u0000"}', '/a'], ['{"a":"\\ud800"}', '/a'], ['{"__proto__":1}', '/__proto__'], ['[[{"prototype":1}]]', '/0/0/prototype'], ['[1,-1e999]', '/1'],
  ])('%s is refused at %s', (text, path) => {
    expect(refusal(text).problems).toMatchObject([{ path }])
  })

  test.each(['', '{', '{"a"}', '{"a":}', '[1,]', 'undefined', "{'a':1}", '{"a":1}}', '"abc', '{:}', '::::'])('%j is no JSON', (text) => {
    expect(refusal(text)).toMatchObject({ code: 'request.invalid', status: 400 })
  })
})

function refusal(text: string): Problem {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error('it was accepted')
}
