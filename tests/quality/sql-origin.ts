/**
 * Where the text of every SQL statement comes from. Each text that is given to the database is followed backwards
 * through constants, parameters, results and properties, with the compiler's own types, until all its pieces are known:
 * literals, values whose type is a list of literals, numbers, and the results of the functions in `closed`. Whatever
 * else would reach the text of a statement, such as a value or a name as it was sent, is reported with its place.
 */
import { join, relative } from 'node:path'
import ts from 'typescript'

import { root } from './sources.js'

/** Functions of storage whose result may stand in a text, whatever they are given: they check or escape it. */
const closed: ReadonlySet<string> = new Set(['engine/storage/dialect.ts quote', 'engine/storage/tables/dump.ts catalogued'])
/** Methods that take the text of a statement first. */
const doors: ReadonlySet<string> = new Set(['all', 'run', 'exec', 'query', 'raw', 'statement'])
/** Drivers hand on the text that they are given under this name: whoever gives it is looked at instead. */
const handedOn = { folder: 'engine/storage/drivers/', name: 'sql' }
/** Writes the statements for the engine's own tables. */
const composer = 'node_modules/knex/'
/** What the rest of the engine declares, such as a member of a request or a name in the model, is foreign here. */
const home = 'engine/storage/'
/** Text methods whose result has no character that the text, or the replacement, does not have. */
const textMethods: ReadonlySet<string> = new Set(['slice', 'trim', 'toLowerCase', 'toUpperCase', 'replace', 'replaceAll', 'join', 'concat'])
const listMethods: ReadonlySet<string> = new Set(['map', 'flatMap', 'filter', 'toSorted', 'toReversed', 'slice', 'concat', 'values', 'entries', 'at', 'find'])

export interface Foreign {
  /** `file:line` of the piece. */
  readonly place: string
  readonly text: string
}

/** Every piece of a statement's text below `folder` whose origin is not closed. `added`: further sources, by path from the root. */
export function foreignSql(folder: string, files: readonly string[], added: Readonly<Record<string, string>> = {}): readonly Foreign[] {
  const program = programOf(files, added)
  const sources = program.getSourceFiles().filter((file) => !file.isDeclarationFile && pathOf(file).startsWith(folder))
  const origin = new Origin(program.getTypeChecker(), sources)
  for (const file of sources) eachNode(file, (node) => {
    const text = textAtDoor(origin.checker, node)
    if (text !== undefined) origin.follow(text)
  })
  return origin.foreign
}

function programOf(files: readonly string[], added: Readonly<Record<string, string>>): ts.Program {
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'engine/tsconfig.json'), ts.sys.readFile).config, ts.sys, join(root, 'engine'))
  const options: ts.CompilerOptions = { ...config.options, noEmit: true, composite: false, incremental: false }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  const planted = (path: string): string | undefined => added[relative(root, path)]
  host.fileExists = (path) => planted(path) !== undefined || fileExists.call(host, path)
  host.readFile = (path) => planted(path) ?? readFile.call(host, path)
  host.getSourceFile = (path, target, ...rest) => {
    const text = planted(path)
    return text === undefined ? getSourceFile.call(host, path, target, ...rest) : ts.createSourceFile(path, text, target, true)
  }
  return ts.createProgram([...files, ...Object.keys(added)].map((file) => join(root, file)), options, host)
}

const pathOf = (node: ts.Node): string => relative(root, node.getSourceFile().fileName)

function eachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => eachNode(child, visit))
}

/** The text of a statement, where the node gives one to the database. */
function textAtDoor(checker: ts.TypeChecker, node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || !doors.has(node.expression.name.text)) return undefined
  const [text] = node.arguments
  if (checker.getTypeAtLocation(node.expression.expression).symbol?.name === 'RegExp') return undefined
  // `Promise.all`, a list of bindings for a prepared statement, and the like carry no text.
  return text !== undefined && isText(checker.getTypeAtLocation(text)) ? text : undefined
}

const isText = (type: ts.Type): boolean => (type.isUnion() ? type.types.some(isText) : (type.flags & ts.TypeFlags.StringLike) !== 0)

/** True when every value of the type is written down somewhere in the sources, or is a number. */
const isClosedType = (type: ts.Type): boolean =>
  type.isUnion() ? type.types.every(isClosedType) : (type.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.BigIntLike | ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0

type FunctionNode = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration | ts.GetAccessorDeclaration
const isFunction = (node: ts.Node): node is FunctionNode =>
  ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node) || ts.isGetAccessorDeclaration(node)

class Origin {
  readonly foreign: Foreign[] = []
  private readonly followed = new Set<ts.Node>()
  private readonly entered = new Set<FunctionNode>()
  /** Declaration → what is given to it: arguments to parameters, values to properties and variables. */
  private readonly given = new Map<ts.Node, ts.Expression[]>()
  /** Declaration → what is put into the list, set or map that it holds. */
  private readonly put = new Map<ts.Node, ts.Expression[]>()
  /** Declaration → parameters that get the same object, and may put something into it. */
  private readonly shared = new Map<ts.Node, ts.Node[]>()

  constructor(readonly checker: ts.TypeChecker, sources: readonly ts.SourceFile[]) {
    for (const file of sources) eachNode(file, (node) => this.note(node))
  }

  // ── who gives what ──

  private note(node: ts.Node): void {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) this.noteCall(node)
    if (ts.isBinaryExpression(node) && [ts.SyntaxKind.EqualsToken, ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.QuestionQuestionEqualsToken].includes(node.operatorToken.kind)) {
      for (const declaration of this.declarations(node.left)) add(this.given, declaration, node.right)
    }
    if (ts.isObjectLiteralExpression(node)) this.noteObject(node)
  }

  private noteCall(node: ts.CallExpression | ts.NewExpression): void {
    const called = this.checker.getResolvedSignature(node)?.declaration
    const last = called?.parameters.at(-1)
    node.arguments?.forEach((argument, index) => {
      const parameter = called?.parameters[index] ?? (last !== undefined && 'dotDotDotToken' in last && last.dotDotDotToken !== undefined ? last : undefined)
      if (parameter === undefined) return
      add(this.given, parameter, argument)
      if (ts.isIdentifier(argument)) for (const declaration of this.declarations(argument)) add(this.shared, declaration, parameter)
    })
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return
    const { name, expression: receiver } = node.expression
    const put = name.text === 'push' || name.text === 'add' || name.text === 'unshift' ? node.arguments : name.text === 'set' ? node.arguments.slice(1) : []
    for (const declaration of put.length > 0 ? this.declarations(ts.isPropertyAccessExpression(receiver) ? receiver.name : receiver) : []) for (const value of put) add(this.put, declaration, value)
    // The first parameter of a callback is an element of the list.
    const [callback] = node.arguments
    if (listMethods.has(name.text) && callback !== undefined && isFunction(callback) && callback.parameters[0] !== undefined) add(this.given, callback.parameters[0], receiver)
  }

  /** A property of an object literal is given to the property of the interface that the object stands for. */
  private noteObject(node: ts.ObjectLiteralExpression): void {
    const type = this.checker.getContextualType(node)
    for (const property of type === undefined ? [] : node.properties) {
      const name = property.name !== undefined && ts.isIdentifier(property.name) ? property.name.text : undefined
      const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined
      if (name === undefined || value === undefined || type === undefined) continue
      for (const declaration of propertyOf(type, name)?.declarations ?? []) add(this.given, declaration, value)
    }
  }

  /** All that a declaration may stand for. */
  private valuesOf(declaration: ts.Node): readonly ts.Expression[] {
    const initializer = initializerOf(declaration)
    return [...(initializer === undefined ? [] : [initializer]), ...(this.given.get(declaration) ?? []), ...this.putInto(declaration, new Set())]
  }

  private putInto(declaration: ts.Node, seen: Set<ts.Node>): readonly ts.Expression[] {
    if (seen.has(declaration)) return []
    seen.add(declaration)
    return [...(this.put.get(declaration) ?? []), ...(this.shared.get(declaration) ?? []).flatMap((parameter) => this.putInto(parameter, seen))]
  }

  private declarations(node: ts.Node): readonly ts.Declaration[] {
    let symbol = this.checker.getSymbolAtLocation(node)
    if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = this.checker.getAliasedSymbol(symbol)
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node) symbol = this.checker.getShorthandAssignmentValueSymbol(node.parent)
    return symbol?.declarations ?? []
  }

  // ── backwards ──

  /** Follows an expression whose text, or the texts in it, reach a statement. */
  follow(node: ts.Expression): void {
    if (this.followed.has(node)) return
    this.followed.add(node)
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || isClosedType(this.checker.getTypeAtLocation(node))) return
    if (ts.isTemplateExpression(node)) return node.templateSpans.forEach(({ expression }) => this.follow(expression))
    if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node) || ts.isAsExpression(node) || ts.isSpreadElement(node) || ts.isYieldExpression(node)) {
      return node.expression === undefined ? undefined : this.follow(node.expression)
    }
    if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].forEach((part) => this.follow(part))
    if (ts.isBinaryExpression(node)) return this.followBinary(node)
    if (ts.isArrayLiteralExpression(node)) return node.elements.forEach((element) => this.follow(element))
    if (ts.isObjectLiteralExpression(node)) return this.followValues(node)
    if (ts.isElementAccessExpression(node)) return this.follow(node.expression)
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return this.followCall(node)
    if (isFunction(node)) return this.followResults(node)
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return this.followName(node)
    this.report(node)
  }

  /** A table of texts that is looked into by a key: any of its values. */
  private followValues(node: ts.ObjectLiteralExpression): void {
    for (const property of node.properties) {
      const value = initializerOf(property)
      if (value === undefined) this.report(property)
      else this.follow(value)
    }
  }

  private followBinary(node: ts.BinaryExpression): void {
    if (node.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) this.follow(node.left)
    this.follow(node.right)
  }

  private followCall(node: ts.CallExpression | ts.NewExpression): void {
    const declaration = this.checker.getResolvedSignature(node)?.declaration
    const name = declaration === undefined ? '' : nameOf(declaration)
    if (declaration !== undefined && closed.has(`${pathOf(declaration)} ${name}`)) return
    if (ts.isNewExpression(node)) return node.arguments?.forEach((argument) => this.follow(argument))
    // A number in words.
    if (ts.isIdentifier(node.expression) && node.expression.text === 'String' && node.arguments.every((argument) => isClosedType(this.checker.getTypeAtLocation(argument)))) return
    if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return this.followLibrary(node)
    if (isOutside(declaration)) return this.report(node)
    const bodies = isFunction(declaration) && declaration.body !== undefined ? [declaration] : this.bodiesOf(node.expression)
    if (bodies.length === 0) return this.report(node)
    for (const body of bodies) this.followResults(body)
  }

  /** Methods of texts, lists and maps keep what they are given. */
  private followLibrary(node: ts.CallExpression): void {
    const called = node.expression
    if (!ts.isPropertyAccessExpression(called)) return this.report(node)
    const { text: method } = called.name
    if (method === 'get') return this.follow(called.expression)
    if (ts.isIdentifier(called.expression) && called.expression.text === 'Array') return node.arguments.slice(1).forEach((argument) => this.follow(argument))
    if (!textMethods.has(method) && !listMethods.has(method)) return this.report(node)
    // What a mapping makes comes from its function alone; what a filter leaves comes from the list.
    const maps = method === 'map' || method === 'flatMap'
    if (!maps) this.follow(called.expression)
    for (const argument of method === 'filter' || method === 'find' || method === 'toSorted' ? [] : node.arguments) {
      const type = this.checker.getTypeAtLocation(argument)
      if (isText(type) || type.getCallSignatures().length > 0) this.follow(argument)
    }
  }

  /** The functions that a name or a property may stand for. */
  private bodiesOf(callee: ts.Expression, seen = new Set<ts.Node>()): readonly FunctionNode[] {
    if (seen.has(callee)) return []
    seen.add(callee)
    return this.declarations(ts.isPropertyAccessExpression(callee) ? callee.name : callee).flatMap((declaration) => [
      ...(isFunction(declaration) ? [declaration] : []),
      ...this.valuesOf(declaration).flatMap((value) => (isFunction(value) ? [value] : ts.isIdentifier(value) || ts.isPropertyAccessExpression(value) ? this.bodiesOf(value, seen) : [])),
    ])
  }

  private followResults(body: FunctionNode): void {
    if (this.entered.has(body)) return
    this.entered.add(body)
    if (closed.has(`${pathOf(body)} ${nameOf(body)}`)) return
    if (body.body === undefined) return
    if (!ts.isBlock(body.body)) return this.follow(body.body)
    const results = (node: ts.Node): void => {
      if (isFunction(node)) return
      if (ts.isReturnStatement(node) && node.expression !== undefined) this.follow(node.expression)
      ts.forEachChild(node, results)
    }
    results(body.body)
  }

  private followName(node: ts.Identifier | ts.PropertyAccessExpression): void {
    const found = this.declarations(ts.isPropertyAccessExpression(node) ? node.name : node)
    if (found.length === 0) return this.report(node)
    for (const declaration of found) this.followDeclaration(declaration, node)
  }

  private followDeclaration(declaration: ts.Declaration, node: ts.Expression): void {
    if (isHandedOn(declaration) || pathOf(declaration).startsWith(composer)) return
    if (isOutside(declaration)) return this.report(node)
    if (isFunction(declaration)) return this.followResults(declaration)
    if (ts.isBindingElement(declaration)) return this.followPart(declaration, node)
    // Elements of a list that is walked through.
    const loop = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : undefined
    if (loop !== undefined && ts.isForOfStatement(loop)) return this.follow(loop.expression)
    const values = this.valuesOf(declaration)
    if (values.length === 0) return this.report(node)
    for (const value of values) this.follow(value)
  }

  /** `const { sql } = compiled`: the property of the whole's type; `const [a] = list`: an element of the list. */
  private followPart(part: ts.BindingElement, node: ts.Expression): void {
    const holder = part.parent.parent
    if (ts.isArrayBindingPattern(part.parent)) {
      if (ts.isVariableDeclaration(holder) && holder.initializer !== undefined) return this.follow(holder.initializer)
      return ts.isVariableDeclaration(holder) && ts.isForOfStatement(holder.parent.parent) ? this.follow(holder.parent.parent.expression) : this.report(node)
    }
    const name = part.propertyName ?? part.name
    const property = ts.isIdentifier(name) ? propertyOf(this.checker.getTypeAtLocation(part.parent), name.text) : undefined
    const found = property?.declarations ?? []
    if (found.length === 0) return this.report(node)
    if (part.initializer !== undefined) this.follow(part.initializer)
    for (const declaration of found) this.followDeclaration(declaration, node)
  }

  private report(node: ts.Node): void {
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart())
    const foreign = { place: `${pathOf(node)}:${String(line + 1)}`, text: node.getText() }
    if (!this.foreign.some(({ place, text }) => place === foreign.place && text === foreign.text)) this.foreign.push(foreign)
  }
}

const add = <V>(map: Map<ts.Node, V[]>, key: ts.Node, value: V): void => void map.set(key, [...(map.get(key) ?? []), value])

function propertyOf(type: ts.Type, name: string): ts.Symbol | undefined {
  if (!type.isUnion()) return type.getProperty(name)
  return type.types.map((one) => one.getProperty(name)).find((symbol) => symbol !== undefined)
}

function initializerOf(declaration: ts.Node): ts.Expression | undefined {
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration) || ts.isParameter(declaration) || ts.isPropertyDeclaration(declaration)) return declaration.initializer
  return ts.isShorthandPropertyAssignment(declaration) ? declaration.name : undefined
}

function nameOf(declaration: ts.Node): string {
  const named = ts.isArrowFunction(declaration) || ts.isFunctionExpression(declaration) ? declaration.parent : declaration
  const name = 'name' in named ? (named.name as ts.Node | undefined) : undefined
  return name === undefined ? '' : name.getText()
}

const isOutside = (declaration: ts.Node): boolean => !pathOf(declaration).startsWith(home)
const isHandedOn = (declaration: ts.Node): boolean =>
  ts.isParameter(declaration) && pathOf(declaration).startsWith(handedOn.folder) && declaration.name.getText() === handedOn.name
