"""From a courier's pincode file to stored pincodes."""
