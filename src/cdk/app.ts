import { App } from 'aws-cdk-lib';
import recommendedFeatureFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { EdgepassStack } from './edgepass-stack';

/**
 * The ready-made app. Like any CDK app it writes its assembly where `CDK_OUTDIR` says and validates the templates unless
 * `CDK_VALIDATION` is `false`; `EDGEPASS_STACK_NAME` names the stack. The context is what the CDK CLI would pass,
 * so that a synth without the CLI is the same.
 */
export function createApp(stackName = 'Edgepass'): App {
  const app = new App({
    analyticsReporting: false,
    context: {
      ...recommendedFeatureFlags,
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      // The traces hold paths of the machine that synthesizes, and the assembly is the same on every machine.
      'aws:cdk:disable-creation-stack-traces': true,
    },
  });
  new EdgepassStack(app, stackName, { description: 'Private files in S3, handed out as CloudFront signed URLs' });
  return app;
}

if (require.main === module) createApp(process.env.EDGEPASS_STACK_NAME).synth();
