/** What can be done from anywhere by typing its name. Pure but for what a command does when it is chosen. */
import type { UiEntity, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { languages, languageTitle, t } from '../client/i18n.js'
import { chooseDensity, chooseLanguage, chooseTheme, densities, density, theme, themes, type Density, type Theme } from '../client/preferences.js'
import { docAddress } from '../help/pages.js'
import type { IconName } from '../ui/icon.js'
import { toastProblem } from '../ui/toast.js'
import { showKeyboardMap } from './keyboard-map.js'
import { router } from './router.js'
import { auditPath, createPath, designPath, duplicatesPath, importPath, inboxPath, tasksPath } from './routes.js'

export interface Command {
  readonly title: string
  readonly icon: IconName | string
  /** Where it leads, or what it does. */
  readonly act: string | (() => void)
}

/** Every command that this caller may use: what is used most stands first. */
export function commandsFor(client: Client, model: UiModel): readonly Command[] {
  const entities = [...new Set(model.navigation.flatMap((group) => group.entities))].flatMap((name) => model.entities[name] ?? [])
  return [
    ...entities.filter(({ may }) => may.create).map((entity): Command => ({ title: t('list.new', { entity: entity.title }), icon: 'plus', act: createPath(entity.name) })),
    ...(model.entities['task'] === undefined ? [] : [{ title: t('tasks.title'), icon: 'checkSquare', act: tasksPath }]),
    { title: t('inbox.title'), icon: 'bell', act: inboxPath },
    ...entities.flatMap((entity) => work(entity)),
    ...(model.mayDesign ? design(entities) : []),
    ...(model.mayAudit ? [{ title: t('shell.audit'), icon: 'shield', act: auditPath() }] : []),
    ...looks(client),
    { title: t('help.title'), icon: 'help', act: docAddress('users') },
    { title: t('keys.title'), icon: 'keyboard', act: showKeyboardMap },
    { title: t('session.signOut'), icon: 'logout', act: () => void signOut(client) },
  ]
}

const work = (entity: UiEntity): readonly Command[] => [
  ...(entity.may.create || entity.may.update ? [{ title: t('commands.import', { entity: entity.plural }), icon: 'upload', act: importPath(entity.name) }] : []),
  ...(entity.duplicates !== undefined && entity.may.update ? [{ title: t('commands.duplicates', { entity: entity.plural }), icon: 'copy', act: duplicatesPath(entity.name) }] : []),
]

const design = (entities: readonly UiEntity[]): readonly Command[] => [
  { title: t('shell.studio'), icon: 'shapes', act: '/studio/overview' },
  ...entities.map((entity) => ({ title: t('designer.customise', { entity: entity.plural }), icon: 'shapes', act: designPath(entity.name) })),
]

/** What is chosen already is no command. */
const looks = (client: Client): readonly Command[] => [
  ...themes.filter((name) => name !== theme.value).map((name) => ({ title: `${t('shell.theme')}: ${t(`shell.theme.${name}`)}`, icon: themeIcons[name], act: () => setTheme(client, name) })),
  ...densities.filter((name) => name !== density.value).map((name) => ({ title: `${t('shell.density')}: ${t(`shell.density.${name}`)}`, icon: 'list', act: () => setDensity(client, name) })),
  ...[...languages].map((tag) => ({ title: `${t('shell.language')}: ${languageTitle(tag)}`, icon: 'globe', act: () => void chooseLanguage(tag) })),
]

export const themeIcons: Readonly<Record<Theme, IconName>> = { system: 'screen', light: 'sun', dark: 'moon' }

/** At once here, and then on every other device of this person. */
export function setTheme({ session }: Client, name: Theme): void {
  chooseTheme(name)
  session.choose({ theme: name }).catch(toastProblem)
}

export function setDensity({ session }: Client, name: Density): void {
  chooseDensity(name)
  session.choose({ density: name }).catch(toastProblem)
}

/** Asks first when work would be lost. */
export async function signOut({ session }: Client): Promise<void> {
  if (!(await router.go('/'))) return
  await session.signOut().catch(toastProblem)
}
