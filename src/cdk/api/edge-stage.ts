import { Stack } from 'aws-cdk-lib';
import { type RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  AllowedMethods,
  CachePolicy,
  type Distribution,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';

/** A stage's name is the first segment of its paths, so the distribution's `/_api/urls` is the stage's too, unchanged. */
export const EDGE_STAGE = '_api';

/** The deployment once more, under the distribution's domain name. */
export function addEdgeStage(restApi: RestApi, distribution: Distribution): Stage {
  const { latestDeployment: deployment } = restApi;
  if (!deployment) throw new Error('the REST API has no deployment to be a stage of');
  const { region, urlSuffix } = Stack.of(restApi);
  // Not RestApiOrigin: it refers to a stage, thus to the functions, and these have the distribution's domain name in their environment. The API's id
  // depends on nothing.
  const origin = new HttpOrigin(`${restApi.restApiId}.execute-api.${region}.${urlSuffix}`);
  distribution.addBehavior(`${EDGE_STAGE}/*`, origin, {
    allowedMethods: AllowedMethods.ALLOW_ALL,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // API Gateway knows the API by the host it is asked for.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    compress: true,
  });
  return new Stage(restApi, `DeploymentStage.${EDGE_STAGE}`, { deployment, stageName: EDGE_STAGE });
}
