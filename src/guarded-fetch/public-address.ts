import { BlockList, isIP } from "node:net";

/** Everything that is not the public internet: IANA's special-purpose registries for IPv4 and IPv6. */
const SPECIAL_RANGES: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.88.99.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
];

const specialAddresses = new BlockList();
for (const [network, prefix, family] of SPECIAL_RANGES) {
  specialAddresses.addSubnet(network, prefix, family);
}
/** Global unicast is all in here; what maps, translates or tunnels IPv4 within or beside it is refused whole. */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet("2000::", 3, "ipv6");
const tunnels = new BlockList();
tunnels.addSubnet("2001::", 23, "ipv6");
tunnels.addSubnet("2001:db8::", 32, "ipv6");
tunnels.addSubnet("3fff::", 20, "ipv6");
tunnels.addSubnet("2002::", 16, "ipv6");

/** Whether an IP address is of the public internet. False for what is no address at all. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !specialAddresses.check(address, "ipv4");
  if (isIP(address) !== 6) return false;
  return globalIpv6.check(address, "ipv6") && !tunnels.check(address, "ipv6");
}
