/**
 * Every public declaration says what it is: whatever can be reached from src/index.ts, with the members of interfaces and classes, has a
 * doc comment of its own or inherits one. Part of `npm run check`.
 */
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
const silent: string[] = [];
visitModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!, '');

for (const line of silent) process.stderr.write(`${line}\n`);
if (silent.length > 0) {
  process.stderr.write(`check-docs: ${silent.length} public declarations have no doc comment. Give each a sentence.\n`);
  process.exit(1);
}
process.stdout.write(`check-docs: ${visited.size} public declarations, all with a doc comment\n`);

function visitModule(module: ts.Symbol, path: string): void {
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (visited.has(symbol)) continue;
    visited.add(symbol);
    const name = path + exported.name;
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      visitModule(symbol, `${name}.`);
    } else {
      check(symbol, name);
      for (const declaration of symbol.declarations ?? []) visitMembers(declaration, name);
    }
  }
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
