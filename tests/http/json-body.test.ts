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

  test.each(['[9007199254740991]', '[-9007199254740991]', '[0.1]', '[123456789012345.6]', '[1e300]', '[1.50000000000000000000]', '[100000000000000000000000]', '{"card":"12345678901234567890"}', '[1200000000000000000e2]', '[-0]', '[0.00000000000000000000]'])('A-132 %s is taken as it is', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  test.each([['[1,9007199254740993]', '/1'], ['{"a":{"b":[{"c":-12345678901234567890}]}}', '/a/b/0/c'], ['{"s":"[1,2]","n":0.1000000000000000055}', '/n'], ['[123456789.123456789]', '/0'], ['{"a":1234567890.12345678e-3}', '/a'], ['12345678901234567', '']])('A-132 %s would be rounded, so it is refused at %s', (text, path) => {
    expect(refusal(text).problems).toMatchObject(path === '' ? [] : [{ path }])
    expect(refusal(text).message).toBeTruthy()
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
