import { chooseAnotherSuffix, inspectResource, postWith, retryByPost } from '../../../domain/remedies.ts';
import { row } from './row.ts';
import type { FailureRow } from './row.ts';

/** Requests that Azure refuses in this subscription, location or form. */
export const requestRows: readonly FailureRow[] = [
  row(
    'MissingSubscriptionRegistration MissingRegistrationForLocation',
    'InvalidRequest',
    'giveUp',
    `az provider register --namespace <namespace> --wait; then ${retryByPost}`,
  ),
  // the machine learning service names neither provider: Microsoft Q&A 1983847, MicrosoftLearning/mslearn-azure-ml#106
  row(
    'SubscriptionNotRegistered ResourceOperationFailure',
    'InvalidRequest',
    'giveUp',
    `az provider register --namespace Microsoft.PolicyInsights --wait; az provider register --namespace Microsoft.Cdn --wait; az provider register --namespace Microsoft.AlertsManagement --wait; then ${retryByPost}`,
    { text: /registered with subscription/i },
  ),
  // the provider does not offer the api-version or the type in this location
  row(
    'NoRegisteredProviderFound InvalidApiVersionParameter InvalidResourceType',
    'InvalidRequest',
    'giveUp',
    `az provider show --namespace <namespace> --query "resourceTypes[].[resourceType, locations, apiVersions]" lists what Azure offers; az provider register --namespace <namespace> --wait registers it, then ${retryByPost}; or ${postWith('"location"')}`,
  ),
  row('LocationNotAvailableForResourceType LocationRequired', 'InvalidRequest', 'giveUp', postWith('"location"')),
  row('InvalidResourceLocation AccountNameInvalid', 'InvalidRequest', 'giveUp', chooseAnotherSuffix),
  row(
    'SubnetIsFull',
    'InvalidRequest',
    'giveUp',
    'az network nic list --resource-group <group> --output table lists the interfaces; az network nic delete --ids <interface> deletes those that are not the environment’s',
  ), // PF-28
  row(
    'PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled',
    'InvalidRequest',
    'giveUp',
    `az network vnet subnet update --ids <subnet> --private-endpoint-network-policies Disabled; then ${retryByPost}`,
  ), // PF-26
  row(
    'ImageNotFound PlatformImageNotFound',
    'InvalidRequest',
    'giveUp',
    `az vm image list --location <location> --publisher Canonical --all --output table lists the images of the location; ${postWith('"location"')}`,
  ),
  row(
    'PropertyChangeNotAllowed',
    'InvalidRequest',
    'giveUp',
    `az resource delete --ids <id> deletes the resource, which has a property that cannot be changed; then ${retryByPost}`,
  ),
  row(
    'InvalidTemplate InvalidParameter InvalidRequestContent InvalidRequestFormat LinkedInvalidPropertyId BadArgument BadRequest',
    'InvalidRequest',
    'giveUp',
    inspectResource,
  ),
];
