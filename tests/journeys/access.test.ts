/** Roles, people and previews in the studio, as an administrator goes through them. */
import { expect, test } from 'vitest'

import { accessibilityProblems } from '../support/browser.js'
import { chosen } from './designing.js'
import { administrator, created, signedIn, stageFor } from './support.js'

const stage = stageFor('file')

test('an administrator narrows a role at a glance, sees who loses by it, invites a clerk, and looks with their eyes', async () => {
  const { page, errors } = await signedIn(stage, administrator, {}, '/studio/roles')
  // The matrix by keyboard: a second key gives back what the first took.
  const cell = page.getByRole('gridcell', { name: /^Analyst · Products: / })
  await cell.click()
  const panel = page.getByRole('complementary', { name: 'Properties' })
  await panel.getByRole('heading', { name: 'Analyst · Products' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await panel.getByRole('link', { name: 'Close' }).click()
  await cell.focus()
  await page.keyboard.press('6')
  await expect.poll(() => cell.getAttribute('aria-label')).toBe('Analyst · Products: Read')
  await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')

  // Somebody comes in by a link, and works in a store from the start.
  const harbour = await created(stage.app, 'store', { number: 'H1', name: 'Harbour' })
  await page.goto(`${stage.app.url}/studio/people`)
  await page.getByRole('button', { name: 'New person' }).click()
  const dialog = page.getByRole('dialog', { name: 'New person' })
  await dialog.getByLabel('Name', { exact: true }).fill('Nova Clerk')
  await dialog.getByLabel('E-mail', { exact: true }).fill('nova@example.com')
  await dialog.getByRole('checkbox', { name: /^Analyst/ }).check()
  expect(await dialog.getByRole('combobox', { name: 'Stores' }).count()).toBe(0)
  await dialog.getByRole('checkbox', { name: /^Store clerk/ }).check() // who sees the records of their stores only is asked for them
  await dialog.getByRole('combobox', { name: 'Stores' }).fill('Nowhere')
  await dialog.getByText('Nothing is called “Nowhere”.').waitFor()
  await dialog.getByRole('combobox', { name: 'Stores' }).fill('Harb')
  await page.getByRole('option', { name: /^Harbour/ }).click()
  await page.keyboard.press('Tab') // the list of stores stays open for another
  await dialog.getByRole('checkbox', { name: /^Store clerk/ }).uncheck()
  await dialog.getByText('More about this person').click()
  await chosen(dialog, 'Time zone', 'Asia/Shanghai')
  await page.keyboard.press('Tab')
  await dialog.getByRole('button', { name: 'Make the account' }).click()
  const link = await page.getByRole('dialog', { name: 'The link for Nova Clerk' }).getByRole('textbox').inputValue()
  await page.getByRole('button', { name: 'Done', exact: true }).click()
  await page.getByRole('heading', { name: 'Nova Clerk' }).waitFor()
  const { records } = (await stage.app.admin.get(`/api/records/user?filter=${encodeURIComponent('{"email":"nova@example.com"}')}`)).body as { records: object[] }
  expect(records).toMatchObject([{ stores: [harbour], timeZone: 'Asia/Shanghai' }])
  expect(await accessibilityProblems(page)).toEqual([])

  // The plan tells who loses what, before it is live.
  await page.getByRole('button', { name: 'Review and publish' }).click()
  const plan = page.getByRole('region', { name: 'Who gains or loses access' })
  await plan.getByText('Analyst: Nova Clerk.').waitFor()
  await page.keyboard.press('Escape')

  // With their eyes, and back.
  await panel.getByRole('button', { name: 'See as this person' }).click()
  const banner = page.locator('preview-banner')
  await banner.getByText('You see the application as Nova Clerk.').waitFor()
  expect(await page.getByRole('link', { name: 'Studio', exact: true }).count()).toBe(0)
  expect(await accessibilityProblems(page)).toEqual([])
  await banner.getByRole('button', { name: 'Leave' }).click()
  await page.waitForURL('**/studio/people/*')
  expect(errors).toEqual([])

  await page.context().clearCookies()
  await page.goto(link)
  await page.getByLabel('New password').fill('what Nova chose by herself')
  await page.keyboard.press('Enter')
  await page.locator('side-bar').waitFor()
  await page.getByText('Nova Clerk').filter({ visible: true }).first().waitFor()
})

test('another system is told of changes: the secret is shown once, a test says what came of it, and the webhook is paused', async () => {
  const { page, errors } = await signedIn(stage, administrator, {}, '/studio/connections')
  await page.getByRole('button', { name: 'New webhook' }).click()
  const dialog = page.getByRole('dialog', { name: 'New webhook' })
  await dialog.getByLabel('Name', { exact: true }).fill('Shop')
  await dialog.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9/')
  expect(await accessibilityProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make it' }).click()
  const secret = page.getByRole('dialog', { name: 'The secret of “Shop”' })
  expect(await secret.getByRole('textbox').inputValue()).toMatch(/^whsec_/)
  await secret.getByRole('button', { name: 'Done', exact: true }).click()
  await page.getByRole('heading', { name: 'Shop', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByText('127.0.0.1:9 may not be called', { exact: false }).first().waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Let it go on' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  expect(errors).toEqual([])
})
