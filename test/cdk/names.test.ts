import { CfnOutput, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { PrivateContent } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { newApp } from '../new-app';
import { maximumIn } from './contents';
import { ofType, resourcesOf } from './read-template';

/** What CloudFront names once in the account, whatever the region. */
function cloudFrontNames(region: string): string[] {
  const stack = new Stack(newApp(), 'Edgepass', { env: { region } });
  // Of what is in us-east-1 alone there is no second.
  const { logs: _logs, alarms: _alarms, managedWebAcl: _acl, ...props } = maximumIn(stack);
  new PrivateContent(stack, 'PrivateContent', props);
  const resources = resourcesOf(stack);
  return ['OriginAccessControl', 'CachePolicy', 'ResponseHeadersPolicy'].flatMap((kind) =>
    ofType(resources, `AWS::CloudFront::${kind}`).map(([, { Properties }]) => Properties[`${kind}Config`].Name),
  );
}

describe("the construct's names", () => {
  it('has in two regions of an account no two names alike that CloudFront takes once', () => {
    const names = [...cloudFrontNames('eu-central-1'), ...cloudFrontNames('ap-southeast-1')];
    expect(names).toHaveLength(8);
    expect(new Set(names)).toHaveLength(8);
  });

  it('keeps to the length of CloudFront’s names in the region with the longest name', () => {
    const names = cloudFrontNames('ap-southeast-1').filter((name) => /Origin\d/.test(name));
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
  });

  /** Where the keys of a content in a nested stack are. @param tokens How many other values only the deployment knows. */
  function nestedParameter(tokens: number): string {
    const nested = new NestedStack(new Stack(newApp(), 'Parent'), 'Nested');
    for (let at = 0; at < tokens; at += 1) new CfnOutput(nested, `Output${at}`, { value: Fn.ref('AWS::StackName') });
    return new PrivateContent(nested, 'PrivateContent').signingKeyParameterName;
  }

  it('names the parameters of a nested stack after the outermost one, whatever else there is', () => {
    expect(nestedParameter(0)).toBe('/edgepass/Parent/Nested/PrivateContent/signing-key');
    expect(nestedParameter(3)).toBe(nestedParameter(0));
  });
});
