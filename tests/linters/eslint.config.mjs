// One style for every script, and the faults that a reader overlooks.
import js from '@eslint/js';

const ofBrowsers = [
  'AbortController', 'DOMParser', 'FormData', 'Response', 'TextEncoder', 'URL', 'URLSearchParams', 'addEventListener',
  'atob', 'btoa', 'caches', 'clearTimeout', 'crypto', 'document', 'fetch', 'history', 'indexedDB', 'location', 'navigator',
  'scrollTo', 'self', 'setInterval', 'setTimeout', 'window',
];

export default [
  js.configs.recommended,
  {
    files: ['**/*.js'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      ecmaVersion: 2020,
      sourceType: 'script',
      globals: Object.fromEntries(ofBrowsers.map((name) => [name, 'readonly'])),
    },
    rules: {
      'arrow-parens': 'error',
      'camelcase': 'error',
      'eqeqeq': 'error',
      'func-style': ['error', 'expression'],
      'max-len': ['error', { code: 120 }],
      'no-shadow': 'error',
      'no-use-before-define': ['error', { functions: true, variables: false }],
      'no-var': 'error',
      'object-curly-spacing': ['error', 'always'],
      'prefer-arrow-callback': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      'quotes': ['error', 'single', { avoidEscape: true }],
      'semi': 'error',
    },
  },
];
