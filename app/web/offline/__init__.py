"""Without the network: the pack of a device, the answers it kept, and the page that asks them."""
