// S3 alone in a process that may be killed: `node serve-s3.mjs DIR CREDENTIALS`, the port is told over IPC.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { createAwsEndpoint } = require('../../dist/local/aws-endpoint.js');
const { authorize } = require('../../dist/local/iam/authorize.js');
const { openS3 } = require('../../dist/local/s3/index.js');

const [dir, credentials] = process.argv.slice(2);
const key = JSON.parse(credentials);
const principal = () => ({
  kind: 'user',
  arn: 'arn:aws:iam::000000000000:user/tester',
  accountId: '000000000000',
  identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
});
const findAccessKey = (id) => (id === key.accessKeyId ? { ...key, principal } : undefined);
const now = () => new Date();
const s3 = openS3({ dir, region: 'us-east-1', accountId: '000000000000', authorize, findAccessKey, now });
const endpoint = createAwsEndpoint({ region: 'us-east-1', findAccessKey, services: { s3: s3.api, ssm: s3.api }, now });
const server = createServer(endpoint).on('checkContinue', endpoint);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  if (process.send) process.send(server.address().port);
  else console.log(`http://127.0.0.1:${server.address().port}`);
});
