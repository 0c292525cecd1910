// What an API of this kind looks like in the tutorial that edgepass grows out of, written anew from its description: the AWS SDK for JavaScript
// v2, the signing key read from Parameter Store at every request, a listing of at most 1,000 objects handed on as it comes.
const { createRequire } = require('node:module');
const AWS = createRequire(`${process.env.SEED_MODULES}/`)('aws-sdk');

const endpoint = process.env.AWS_ENDPOINT_URL;
const region = process.env.AWS_REGION;
const s3 = new AWS.S3({ endpoint, region, s3ForcePathStyle: true, signatureVersion: 'v4' });
const ssm = new AWS.SSM({ endpoint, region });

exports.list = async () => {
  const { Contents } = await s3.listObjectsV2({ Bucket: process.env.BUCKET_NAME }).promise();
  return { statusCode: 200, body: JSON.stringify(Contents) };
};

exports.sign = async (event) => {
  const { file } = JSON.parse(event.body);
  const Name = process.env.SIGNING_KEY_PARAMETER;
  const { Parameter } = await ssm.getParameter({ Name, WithDecryption: true }).promise();
  const signer = new AWS.CloudFront.Signer(process.env.KEY_PAIR_ID, Parameter.Value);
  const expires = Math.floor(Date.now() / 1000) + 12 * 3600;
  const url = `https://${process.env.DISTRIBUTION_DOMAIN_NAME}/${file}`;
  return { statusCode: 201, body: JSON.stringify({ signedUrl: signer.getSignedUrl({ url, expires }) }) };
};
