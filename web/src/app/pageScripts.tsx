import { onDemand } from '../components/onDemand.tsx';
import { Skeleton } from '../components/Skeleton.tsx';

const placeholder = <Skeleton what="the page" />;

// The script of each page is loaded when the page is opened.
export const EnvironmentsPage = onDemand(() => import('../pages/environments/EnvironmentsPage.tsx'), placeholder);
export const NewEnvironmentPage = onDemand(() => import('../pages/newEnvironment/NewEnvironmentPage.tsx'), placeholder);
export const EnvironmentPage = onDemand(() => import('../pages/environment/EnvironmentPage.tsx'), placeholder);
export const SweepsPage = onDemand(() => import('../pages/sweeps/SweepsPage.tsx'), placeholder);
export const SweepPage = onDemand(() => import('../pages/sweeps/SweepPage.tsx'), placeholder);
export const AboutPage = onDemand(() => import('../pages/about/AboutPage.tsx'), placeholder);
