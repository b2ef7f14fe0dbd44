import type { Resource } from '../arm/model.ts';
import { textAt } from '../dataPlane/jsonPath.ts';

/** An Ubuntu image of Canonical for Azure: what its system says of itself. */
export interface UbuntuRelease {
  version: string;
  point: string;
  codename: string;
  title: string;
  kernel: string;
  /** the build of the kernel, as `uname -v` prints it */
  kernelBuild: string;
  /** of curl and of dig */
  curl: string;
  dig: string;
}

const noble: UbuntuRelease = {
  version: '24.04',
  point: '24.04.1',
  codename: 'noble',
  title: 'Noble Numbat',
  kernel: '6.8.0-1012-azure',
  kernelBuild: '#14-Ubuntu SMP Fri Jul 12 10:33:42 UTC 2024',
  curl: '8.5.0',
  dig: '9.18.28-0ubuntu0.24.04.1-Ubuntu',
};

const jammy: UbuntuRelease = {
  version: '22.04',
  point: '22.04.4',
  codename: 'jammy',
  title: 'Jammy Jellyfish',
  kernel: '6.5.0-1025-azure',
  kernelBuild: '#26~22.04.1-Ubuntu SMP Thu Jul 11 22:33:04 UTC 2024',
  curl: '7.81.0',
  dig: '9.18.28-0ubuntu0.22.04.1-Ubuntu',
};

const focal: UbuntuRelease = {
  version: '20.04',
  point: '20.04.6',
  codename: 'focal',
  title: 'Focal Fossa',
  kernel: '5.15.0-1068-azure',
  kernelBuild: '#77~20.04.1-Ubuntu SMP Fri Jul 12 01:27:29 UTC 2024',
  curl: '7.68.0',
  dig: '9.18.28-0ubuntu0.20.04.1-Ubuntu',
};

/** The release of a machine's image; 24.04 where the machine names none. */
export function ubuntuReleaseOf(vm: Resource): UbuntuRelease {
  const offer = textAt(vm.properties, 'storageProfile', 'imageReference', 'offer');
  return [jammy, focal].find(({ codename }) => offer.endsWith(codename)) ?? noble;
}

/** The name of a machine on its own prompt. */
export const hostNameOf = (vm: Resource): string => textAt(vm.properties, 'osProfile', 'computerName') || vm.name;

/** Files in which the image describes itself and its network. */
export function systemFiles(vm: Resource, searchDomain: string): Record<string, string> {
  const { version, point, codename, title } = ubuntuReleaseOf(vm);
  const host = hostNameOf(vm);
  return {
    '/etc/os-release': `PRETTY_NAME="Ubuntu ${point} LTS"
NAME="Ubuntu"
VERSION_ID="${version}"
VERSION="${point} LTS (${title})"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=${codename}
`,
    '/etc/hostname': `${host}\n`,
    '/etc/hosts': `127.0.0.1 localhost

# The following lines are desirable for IPv6 capable hosts
::1 ip6-localhost ip6-loopback
fe00::0 ip6-localnet
ff00::0 ip6-mcastprefix
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
ff02::3 ip6-allhosts
`,
    '/etc/passwd': `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`,
    '/etc/resolv.conf': `# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).
# Do not edit.
#
# This is a dynamic resolv.conf file for connecting local clients to the
# internal DNS stub resolver of systemd-resolved. This file lists all
# configured search domains.
#
# Run "resolvectl status" to see details about the uplink DNS servers
# currently in use.

nameserver 127.0.0.53
options edns0 trust-ad
search ${searchDomain}
`,
  };
}
