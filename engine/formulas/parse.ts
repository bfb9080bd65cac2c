/** Source → parsed expression. */
import { serialize, type ASTNode, type Environment, type ParseResult } from '@marcbachmann/cel-js'

/**
 * Parses `source`. A membership in a list that is written out (`price in [1, 2]`) is read as comparisons: CEL's own
 * membership knows only its built-in numbers, not our exact ones. `typed` is false for what is to be computed: there
 * both ends of a choice may give what they like, since CEL takes 1 and 2.5 for different types. Throws CEL's ParseError.
 */
export function parseExpression(env: Environment, source: string, typed: boolean): ParseResult {
  const parsed = env.parse(source)
  const isOurs = (node: ASTNode): boolean => isMembership(node) || (!typed && node.op === '?:')
  const any = (node: ASTNode): boolean => isOurs(node) || childrenOf(node).some(any)
  return any(parsed.ast) ? env.parse(serialize(rewritten(parsed.ast, typed))) : parsed
}

const isMembership = (node: ASTNode): boolean => node.op === 'in' && node.args[1].op === 'list'

/** The same tree with each membership as a chain of comparisons. Only what `serialize` reads of a node is kept up. */
function rewritten(node: ASTNode, typed: boolean): ASTNode {
  if (node.op === 'in' && node.args[1].op === 'list') {
    const value = rewritten(node.args[0], typed)
    const comparisons = node.args[1].args.map((entry) => made('==', [value, rewritten(entry, typed)]))
    return comparisons.reduceRight<ASTNode | undefined>((rest, one) => (rest === undefined ? one : made('||', [one, rest])), undefined) ?? made('value', false)
  }
  if (node.op === '?:' && !typed) {
    const [condition, ...ends] = node.args
    return made('?:', [rewritten(condition, typed), ...ends.map((end) => made('call', ['dyn', [rewritten(end, typed)]]))])
  }
  return made(node.op, rewrittenOperands(node.args, typed))
}

function rewrittenOperands(operands: unknown, typed: boolean): unknown {
  if (Array.isArray(operands)) return operands.map((operand) => rewrittenOperands(operand, typed))
  return isNode(operands) ? rewritten(operands, typed) : operands
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

/** Every name that an expression uses, those that it binds itself among them. */
export const namesIn = (node: ASTNode): readonly string[] => (node.op === 'id' ? [node.args] : childrenOf(node).flatMap(namesIn))

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value && 'args' in value
