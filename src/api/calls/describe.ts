import type { FunctionRow } from './function-row';

export const describe: FunctionRow<'describe' | 'health'> = {
  bundle: 'describe',
  id: 'Describer',
  description: 'GET /openapi.json and GET /health',
  // The description has the calls that are enabled, and the bounds that the stack sets.
  environment: ['FEATURES', 'MIN_LIFETIME_SECONDS', 'MAX_LIFETIME_SECONDS'],
  optionalEnvironment: ['UPLOAD_MAX_SIZE', 'UPLOAD_PREFIX'],
  permissions: [],
  calls: {
    describe: {
      method: 'GET',
      path: '/openapi.json',
      isOpen: true,
      summary: 'This description, as OpenAPI 3.1.',
      status: 200,
      problems: [],
    },
    health: {
      method: 'GET',
      path: '/health',
      isOpen: true,
      summary: 'Says that the API answers, and which version.',
      status: 200,
      problems: [],
    },
  },
};
