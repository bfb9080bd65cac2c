/** Only what oxlint does not know: templates of Lit and the rules of custom elements. */
import parser from '@typescript-eslint/parser'
import { configs as lit } from 'eslint-plugin-lit'
import { configs as wc } from 'eslint-plugin-wc'

const files = ['studio/**/*.ts', 'plugins/*/studio.ts', 'plugins/*/studio/**/*.ts', 'tests/studio/**/*.ts']

export default [
  { ignores: ['dist/**', 'node_modules/**'] },
  { files, ...lit['flat/recommended'] },
  { files, ...wc['flat/best-practice'] },
  {
    files,
    languageOptions: { parser, parserOptions: { sourceType: 'module' } },
    // Directives of the other linter must not count as unused here.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: {
      'lit/no-legacy-template-syntax': 'error',
      'lit/no-template-bind': 'error',
      'lit/no-useless-template-literals': 'error',
      'lit/attribute-names': 'off',
      'lit/no-invalid-escape-sequences': 'error',
      'wc/guard-super-call': 'off',
      'wc/file-name-matches-element': 'off',
      'wc/max-elements-per-file': 'off',
      'wc/require-listener-teardown': 'error',
    },
  },
]
