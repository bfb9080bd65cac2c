/** Source → parsed expression. */
import { serialize, type ASTNode, type Environment, type ParseResult } from '@marcbachmann/cel-js'

/**
 * Parses `source`. A membership in a list that is written out (`price in [1, 2]`) is read as comparisons: CEL's own
 * membership knows only its built-in numbers, not our exact ones. Throws CEL's ParseError.
 */
export function parseExpression(env: Environment, source: string): ParseResult {
  const parsed = env.parse(source)
  if (!hasMembership(parsed.ast)) return parsed
  return env.parse(serialize(rewritten(parsed.ast)))
}

const isMembership = (node: ASTNode): boolean => node.op === 'in' && node.args[1].op === 'list'

const hasMembership = (node: ASTNode): boolean => isMembership(node) || childrenOf(node).some(hasMembership)

/** The same tree with each membership as a chain of comparisons. Only what `serialize` reads of a node is kept up. */
function rewritten(node: ASTNode): ASTNode {
  if (node.op === 'in' && node.args[1].op === 'list') {
    const value = rewritten(node.args[0])
    const comparisons = node.args[1].args.map((entry) => made('==', [value, rewritten(entry)]))
    return comparisons.reduceRight<ASTNode | undefined>((rest, one) => (rest === undefined ? one : made('||', [one, rest])), undefined) ?? made('value', false)
  }
  return made(node.op, rewrittenOperands(node.args))
}

function rewrittenOperands(operands: unknown): unknown {
  if (Array.isArray(operands)) return operands.map(rewrittenOperands)
  return isNode(operands) ? rewritten(operands) : operands
}

const made = (op: ASTNode['op'], args: unknown): ASTNode => ({ op, args }) as ASTNode

/** Nodes directly below: operands stand in `args`, alone or in lists of any depth. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = []
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect)
    else if (isNode(value)) found.push(value)
  }
  collect(node.args)
  return found
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value && 'args' in value
