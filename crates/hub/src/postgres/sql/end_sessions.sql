-- A revoked laptop keeps its tokens: with them it hands over what it has, and nothing else.
delete from token using device
where device.id = token.device_id and device.revoked_at is null and token.account_id = $1
