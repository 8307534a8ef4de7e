/**
 * Every public declaration says what it is: whatever can be reached from src/index.ts, with the members of interfaces and classes, has a
 * doc comment of its own or inherits one; and docs/api, which `npm run docs:api` writes from these comments, has all of them as they are
 * and nothing else. Part of `npm run check`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = `${root}src/index.ts`;
const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: failOn };
const config = ts.getParsedCommandLineOfConfigFile(`${root}tsconfig.json`, {}, host);
const program = ts.createProgram([entry], config?.options ?? {});
const checker = program.getTypeChecker();

const visited = new Set<ts.Symbol>();
/** Names on each page of docs/api, with what the page says of them. */
const reference = new Map<string, Map<string, string>>();
const silent: string[] = [];
const stale: string[] = [];

for (const file of readdirSync(`${root}docs/api`)) reference.set(file, sectionsOf(file));
visitModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!, []);
for (const [file, sections] of reference)
  stale.push(...[...sections.keys()].map((name) => `docs/api/${file}: ${name} is gone`));

for (const line of [...silent, ...stale]) process.stderr.write(`${line}\n`);
if (silent.length > 0)
  process.stderr.write(`check-docs: ${silent.length} public declarations have no doc comment. Give each a sentence.\n`);
if (stale.length > 0)
  process.stderr.write(
    `check-docs: docs/api differs in ${stale.length} places. Bring it up to date: npm run docs:api\n`,
  );
if (silent.length + stale.length > 0) process.exit(1);
process.stdout.write(`check-docs: ${visited.size} public declarations, all with a doc comment and in docs/api\n`);

function visitModule(module: ts.Symbol, path: readonly string[]): void {
  const file = `${path.join('-') || 'index'}.md`;
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const names = [...path, exported.name];
    if (visited.has(symbol)) {
      reference.get(file)?.delete(exported.name);
      continue;
    }
    visited.add(symbol);
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      visitModule(symbol, names);
    } else {
      check(symbol, names.join('.'));
      compare(symbol, exported.name, file);
      for (const declaration of symbol.declarations ?? []) visitMembers(declaration, names.join('.'));
    }
  }
}

/** Holds the reference against the comment: its first line up to a link. */
function compare(symbol: ts.Symbol, name: string, file: string): void {
  const [line = ''] = ts.displayPartsToString(symbol.getDocumentationComment(checker)).split(/\n|\{@link/);
  const section = reference.get(file)?.get(name);
  if (section === undefined) stale.push(`docs/api/${file}: ${name} is missing`);
  else if (!section.includes(line.trim())) stale.push(`docs/api/${file}: ${name} says something else`);
  reference.get(file)?.delete(name);
}

function sectionsOf(file: string): Map<string, string> {
  const page = readFileSync(`${root}docs/api/${file}`, 'utf8');
  const [, ...sections] = page.split(/^### /m);
  return new Map(sections.map((section) => [/^[\w\\]+/.exec(section)![0].replaceAll('\\', ''), section]));
}

function visitMembers(declaration: ts.Declaration, owner: string): void {
  for (const member of membersOf(declaration)) {
    const symbol = member.name === undefined ? undefined : checker.getSymbolAtLocation(member.name);
    if (symbol !== undefined && !isHidden(member)) check(symbol, `${owner}.${member.name!.getText()}`);
  }
}

function membersOf(declaration: ts.Declaration): readonly (ts.ClassElement | ts.TypeElement)[] {
  if (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)) return declaration.members;
  if (ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type)) return declaration.type.members;
  return [];
}

function isHidden(member: ts.ClassElement | ts.TypeElement): boolean {
  const isPrivate = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
  return isPrivate || ts.isPrivateIdentifier(member.name!);
}

function check(symbol: ts.Symbol, name: string): void {
  if (symbol.getDocumentationComment(checker).length > 0) return;
  const declaration = symbol.declarations![0]!;
  const file = declaration.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart());
  silent.push(`${relative(root, file.fileName)}:${line + 1}: ${name}`);
}

function failOn({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}
