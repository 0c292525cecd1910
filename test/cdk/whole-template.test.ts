import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PrivateContent } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { newApp } from '../new-app';
import { maximumIn } from './contents';
import { printTemplate } from './print-template';
import { findCycle, resourcesOf } from './read-template';

const newStack = (): Stack => new Stack(newApp(), 'Edgepass');

describe('the whole template', () => {
  it('without properties is the template in minimal.template.txt', async () => {
    const stack = newStack();
    new PrivateContent(stack, 'PrivateContent');
    await expect(printTemplate(Template.fromStack(stack).toJSON())).toMatchFileSnapshot(
      'templates/minimal.template.txt',
    );
  });

  it('with every property is the template in maximal.template.txt, without a circle', async () => {
    const stack = newStack();
    new PrivateContent(stack, 'PrivateContent', maximumIn(stack));
    await expect(printTemplate(Template.fromStack(stack).toJSON())).toMatchFileSnapshot(
      'templates/maximal.template.txt',
    );
    expect(findCycle(resourcesOf(stack))).toEqual([]);
  });
});
