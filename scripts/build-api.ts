/**
 * Writes docs/api from the doc comments, one page for each namespace of src/index.ts: `npm run docs:api`. Options are in typedoc.json.
 * A page begins with a list of what is on it, under the folders of src that it comes from.
 */
import { fileURLToPath } from 'node:url';
import {
  Application,
  Comment,
  CommentTag,
  type Context,
  Converter,
  type DeclarationReflection,
  ReflectionKind,
  type RouterTarget,
} from 'typedoc';
import * as markdown from 'typedoc-plugin-markdown';
import { headingsOf } from './markdown-headings.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const app = await Application.bootstrapWithPlugins({ plugin: [(app: Application) => markdown.load(app)] });
app.renderer.defineRouter(
  'pages',
  class extends markdown.ModuleRouter {
    override getIdealBaseName(reflection: RouterTarget): string {
      return namesOf(reflection).join('-') || 'index';
    }
  },
);
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, sortByFolder);
app.renderer.on(markdown.MarkdownPageEvent.END as never, (page: markdown.MarkdownPageEvent) => {
  page.contents = withContents(page.contents);
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

/** The names of a namespace and of those around it. */
function namesOf(reflection: RouterTarget): string[] {
  return reflection.parent === undefined ? [] : [...namesOf(reflection.parent), reflection.name];
}

/** Puts everything under the folder of src that it comes from, where a namespace is made of several. */
function sortByFolder({ project }: Context): void {
  for (const namespace of project.getReflectionsByKind(ReflectionKind.Namespace) as DeclarationReflection[]) {
    const folders = new Map(namespace.children?.map((member) => [member, folderOf(member)]));
    if (new Set(folders.values()).size < 2) continue;
    for (const [member, folder] of folders) {
      member.comment ??= new Comment();
      member.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: folder }]));
    }
  }
}

/** The folder of the source file: `linalg/eigen` of src/linalg/eigen/eig.ts. */
function folderOf(reflection: DeclarationReflection): string {
  if (reflection.kind === ReflectionKind.Namespace) return 'Namespaces';
  const { packagePath = '' } = reflection.project.getSymbolIdFromReflection(reflection) ?? {};
  return packagePath.split('/').slice(1, -1).join('/');
}

/** The page with a list of its second and third headings behind the first. */
function withContents(page: string): string {
  const lists: string[][] = [];
  for (const { level, text, anchor } of headingsOf(page)) {
    if (level === 2) lists.push([]);
    if (level === 2 || level === 3) lists.at(-1)?.push(`[${text}](#${anchor})`);
  }
  const contents = lists.map(([title, ...members]) => `- **${title}** ${members.join(', ')}`.trimEnd()).join('\n');
  return page.replace(/^# .*\n/m, (title) => `${title}\n${contents}\n`);
}
