import type { FunctionRow } from './function-row';
import { BODY } from './problem-sets';

export const explain: FunctionRow<'explain'> = {
  bundle: 'explain',
  id: 'Explainer',
  description: 'POST /explain: says why the distribution would allow or refuse a link',
  environment: ['PUBLIC_KEYS_PARAMETER'],
  permissions: [{ allow: ['ssm:GetParameter'], on: "the public keys' parameter" }],
  calls: {
    explain: {
      method: 'POST',
      path: '/explain',
      summary: 'Tells why CloudFront would allow or refuse a signed URL or signed cookies, check by check.',
      status: 200,
      problems: [...BODY, 'ERR_MISSING_FIELD', 'ERR_INVALID_FIELD'],
    },
  },
};
