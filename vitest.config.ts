import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

import { chromiumLaunch } from './tests/support/chromium.js'

/** A limit only ends what hangs: what is waited for comes late on a busy machine. */
const expectations = { poll: { timeout: 30_000 } }

/** Files that drive a browser or other processes take longest: they begin first, so that no core waits for the last of them. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => /\/tests\/(journeys|cli|storage\/crash|demo\/load)/.test(moduleId)
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/**
 * Two projects: `node` runs the engine's promises on real databases, `browser` runs the studio's elements in a
 * real Chromium. Journeys belong to `node`: they drive a browser themselves.
 */
export default defineConfig(async () => ({
  test: {
    // Two cores: a third worker gains nothing (808 s instead of 850 s) and makes the others wait.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        // Inherits the time limits above; without it a project has Vitest's own 5 s.
        extends: true as const,
        test: {
          name: 'node',
          expect: expectations,
          include: ['tests/**/*.test.ts', 'plugins/*/*.test.ts'],
          exclude: ['tests/studio/**'],
          environment: 'node',
          pool: 'forks' as const,
          // One process runs many files: modules are loaded and layers published once per worker. Nothing is mocked, and what the
          // engine keeps between requests it keeps by database and model, so files meet nothing of each other.
          isolate: false,
          globalSetup: ['tests/support/run-setup.ts'],
        },
      },
      {
        extends: './vite.config.ts',
        root: import.meta.dirname,
        // Found before the first test starts: a dependency that is met later makes the page load again in the middle of a test.
        optimizeDeps: { entries: ['studio/**/*.ts', 'tests/studio/**/*.ts'] },
        test: {
          name: 'browser',
          // One page for all files: the studio's modules are loaded once.
          isolate: false,
          expect: expectations,
          include: ['tests/studio/**/*.test.ts'],
          setupFiles: ['tests/studio/setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: await chromiumLaunch() }),
            instances: [{ browser: 'chromium' as const, viewport: { width: 1440, height: 900 } }],
          },
        },
      },
    ],
  },
}))
